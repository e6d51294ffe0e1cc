import { createHash } from 'node:crypto'
import type { Delivery, PageSeam } from '@peerpress/wire'
import type { Browser, BrowserContext, Page } from 'puppeteer-core'

declare global {
  interface Window {
    peerpress?: PageSeam
    /** Chunks that other readers said they hold. */
    announcedChunks?: number
    /** The worker knows the page, and some page leads. */
    isLed?: boolean
  }
}

/** A reader of a small site, with a profile that was never used. */
export interface SiteReader {
  readonly page: Page
  /** What the page threw and nobody caught. */
  readonly errors: readonly string[]
  /** Opens the post and waits until the page takes part and was told of so many chunks by other readers. */
  open(url: string, chunks?: number): Promise<void>
  /** Scrolls every picture into view and waits for it. */
  scroll(): Promise<void>
  delivery(): Promise<Delivery>
  /** SHA-256 in hex of what a `fetch` of the page gets, and what the answer says of itself. */
  fetch(path: string, headers?: Record<string, string>): Promise<Fetched>
  close(): Promise<void>
}

/** An answer that a page got. */
export interface Fetched {
  readonly status: number
  readonly length: number
  readonly hash: string
  readonly type: string | null
  readonly range: string | null
  /** The body broke off: nothing but `status` means anything then. */
  readonly broken: boolean
}

/** `prepare` runs before the first page is opened. */
export async function openSiteReader(
  browser: Browser,
  prepare?: (page: Page) => Promise<unknown>,
): Promise<SiteReader> {
  const context = await browser.createBrowserContext()
  return { ...(await openTab(context, prepare)), close: () => context.close() }
}

/** Another tab of a reader's browser; closing it closes nothing but the tab. */
export async function openTab(
  context: BrowserContext,
  prepare?: (page: Page) => Promise<unknown>,
): Promise<SiteReader> {
  const page = await context.newPage()
  await page.evaluateOnNewDocument(countAnnouncements)
  await page.evaluateOnNewDocument(noteLead)
  page.setDefaultTimeout(60_000)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  await prepare?.(page)
  return {
    page,
    errors,
    async open(url, chunks = 0) {
      await page.goto(url)
      await page
        .waitForFunction(
          (count) =>
            navigator.serviceWorker.controller !== null &&
            window.isLed === true &&
            window.peerpress?.delivery?.() != null &&
            (window.announcedChunks ?? 0) >= count,
          {},
          chunks,
        )
        .catch(async (cause: unknown) => {
          const state = await page.evaluate(() => ({
            arm: window.peerpress?.arm,
            isControlled: navigator.serviceWorker.controller !== null,
            isLed: window.isLed === true,
            hasDelivery: window.peerpress?.delivery?.() != null,
            announcedChunks: window.announcedChunks ?? 0,
          }))
          throw new Error(`the page takes no part: ${JSON.stringify(state)}`, { cause })
        })
    },
    async scroll() {
      const count = await page.evaluate(() => document.images.length)
      for (let index = 0; index < count; index++) {
        await page.evaluate((i) => document.images[i]?.scrollIntoView({ block: 'center' }), index)
        await page.waitForFunction((i) => document.images[i]?.complete, {}, index)
      }
    },
    async delivery() {
      const delivery = await page.evaluate(() => window.peerpress?.delivery?.() ?? null)
      if (!delivery) throw new Error('the page has no delivery figures')
      return delivery
    },
    fetch: (path, headers = {}) => page.evaluate(fetchAndHash, path, headers),
    close: async () => {
      if (!page.isClosed()) await page.close()
    },
  }
}

/** SHA-256 in hex. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function fetchAndHash(path: string, headers: Record<string, string>): Promise<Fetched> {
  const response = await fetch(path, { headers })
  const { status } = response
  const said = { type: response.headers.get('Content-Type'), range: response.headers.get('Content-Range') }
  try {
    const bytes = await response.arrayBuffer()
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
    const hash = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
    return { status, length: bytes.byteLength, hash, ...said, broken: false }
  } catch {
    return { status, length: 0, hash: '', ...said, broken: true }
  }
}

/** Runs in the page before its scripts: message kinds as in `packages/wire/src/peer-message.ts`. */
function countAnnouncements(): void {
  const { prototype } = RTCPeerConnection
  // oxlint-disable-next-line typescript/unbound-method -- called with its connection below
  const create = prototype.createDataChannel
  prototype.createDataChannel = function (this: RTCPeerConnection, ...args) {
    const channel = create.apply(this, args)
    channel.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => {
      const bytes = new Uint8Array(data)
      let chunks = 0
      if (bytes[0] === 2) chunks = 1
      else if (bytes[0] === 1)
        for (let bits of bytes.subarray(37)) for (; bits > 0; bits &= bits - 1) chunks++
      window.announcedChunks = (window.announcedChunks ?? 0) + chunks
    })
    return channel
  }
}

/** Runs in the page before its scripts: message kinds as in `packages/visitor/src/port-message.ts`. */
function noteLead(): void {
  // oxlint-disable-next-line typescript/unbound-method -- called with its port below
  const { start } = MessagePort.prototype
  MessagePort.prototype.start = function (this: MessagePort) {
    this.addEventListener('message', ({ data }: MessageEvent<{ type: string }>) => {
      if (data.type === 'led') window.isLed = true
    })
    start.call(this)
  }
}
