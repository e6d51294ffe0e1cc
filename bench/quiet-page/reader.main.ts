import { launchChromium } from '@peerpress/testbed'
import { answerQuestions } from '../child.ts'
import { startRelay } from './relay.ts'

/** Tells the reader which ports of the origin its own loopback stands for, how far that is, or what to read. */
export type ReaderOrder =
  | { readonly address: string; readonly ports: readonly number[] }
  | { readonly roundTrip: number }
  | { readonly read: string }

/** What a reader met, ms from the beginning of the navigation. */
export interface View {
  readonly lcp: number
  readonly load: number
  /** What tasks longer than 50 ms took beyond that. */
  readonly blocked: number
  /** Whether a service worker serves the site from now on: PeerPress was at work. */
  readonly isAssisted: boolean
}

/** A page that asks for nothing for so long is at rest, ms. */
const rest = 1000

let roundTrip = 0

answerQuestions(async (order: ReaderOrder): Promise<View | null> => {
  if ('roundTrip' in order) ({ roundTrip } = order)
  else if ('read' in order) return read(order.read)
  else
    for (const port of order.ports)
      // Service workers run on loopback without a certificate, and nowhere else.
      await startRelay({ from: '127.0.0.1', to: order.address, port }, () => roundTrip)
  return null
})

/** In a browser that has never run before: nothing is cached, nothing compiled. */
async function read(url: string): Promise<View> {
  const browser = await launchChromium()
  try {
    const page = await browser.newPage()
    await page.setViewport({ width: 1280, height: 800 })
    await page.evaluateOnNewDocument(observe)
    await page.goto(url, { waitUntil: 'load', timeout: 60_000 })
    await page.waitForNetworkIdle({ idleTime: rest, timeout: 60_000 })
    return await page.evaluate(async () => {
      const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
      const isAssisted = (await navigator.serviceWorker.getRegistration())?.active != null
      return { load: navigation?.loadEventEnd ?? 0, isAssisted, ...globalThis.observed }
    })
  } finally {
    await browser.close()
  }
}

declare global {
  // oxlint-disable-next-line no-var -- how a global is declared
  var observed: { lcp: number; blocked: number }
}

/** Runs in the page before its scripts. */
function observe(): void {
  globalThis.observed = { lcp: 0, blocked: 0 }
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) globalThis.observed.lcp = entry.startTime
  }).observe({ type: 'largest-contentful-paint', buffered: true })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) globalThis.observed.blocked += entry.duration - 50
  }).observe({ type: 'longtask', buffered: true })
}
