import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
  // Headless Chromium calls itself a bot, and what bots measure is left out of reports.
  '--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
  // A reader's page in the background is still a reader's page.
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--autoplay-policy=no-user-gesture-required',
]

/** A headless Chromium with a fresh profile, which is removed when it closes. */
export async function launchChromium(): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'peerpress-chromium-'))
  try {
    const browser = await puppeteer.launch({
      executablePath: chromiumPath,
      headless: true,
      args: [...flags],
      userDataDir: profile,
    })
    browser.once('disconnected', () => void rm(profile, { recursive: true, force: true, maxRetries: 5 }))
    return browser
  } catch (error) {
    await rm(profile, { recursive: true, force: true })
    throw error
  }
}
