import puppeteer, { type Browser } from 'puppeteer-core'

/** Debian's Chromium, or the one that `CHROMIUM` names. */
export const chromiumPath: string = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

const flags: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Peers on one machine find each other only by plain addresses: mDNS names need a multicast network.
  '--disable-features=WebRtcHideLocalIpsWithMdns',
  '--allow-loopback-in-peer-connection',
  // The default user agent of headless Chromium counts as a bot, and reports leave bots out.
  '--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
  // Pages could detect that a program drives the browser.
  '--disable-blink-features=AutomationControlled',
  // A reader's page in the background is still a reader's page.
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--autoplay-policy=no-user-gesture-required',
]

/**
 * A headless Chromium with a fresh profile in the system's folder for temporary files; it is removed when the browser
 * has closed, or this process exits. `more` flags may be given.
 */
export function launchChromium(more: readonly string[] = []): Promise<Browser> {
  return puppeteer.launch({ executablePath: chromiumPath, headless: true, args: [...flags, ...more] })
}
