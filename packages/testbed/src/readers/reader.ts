import type { Browser, BrowserContext, Page } from 'puppeteer-core'
import { type CountryProxy, startCountryProxy } from './country-proxy.ts'

/** The apparent place of a reader. The addresses belong to well-known public networks of these countries. */
export interface ReaderPlace {
  readonly country: string
  readonly address: string
}

/** One headless reader with a browser profile of its own, on the page until it leaves. */
export interface Reader {
  readonly place: ReaderPlace
  /** The reader's only tab. */
  readonly page: Page
  /** Reads the whole page: scrolls down step by step, waits for every picture, plays the video. */
  read(): Promise<void>
  /** Reads a page that is open already. */
  scroll(): Promise<void>
  /** Leaves the page, which sends the last beacon. */
  leave(): Promise<void>
  close(): Promise<void>
}

/** Longest time a reader waits for one picture or the video, ms. */
const timeout = 30_000

/** Creates a reader with a new browser profile. */
export async function createReader(browser: Browser, place: ReaderPlace, url: string): Promise<Reader> {
  const proxy = await startCountryProxy(place.address)
  const context = await browser.createBrowserContext({
    proxyServer: proxy.url,
    proxyBypassList: ['<-loopback>'],
  })
  const page = await context.newPage()
  await page.setViewport({ width: 1280, height: 800 })
  const scroll = async () => {
    await scrollThrough(page)
    await playVideo(page)
  }
  return {
    place,
    page,
    async read() {
      await page.goto(url, { waitUntil: 'load', timeout })
      await scroll()
    },
    scroll,
    async leave() {
      await page.goto('about:blank')
    },
    close: () => closeReader(context, proxy),
  }
}

async function closeReader(context: BrowserContext, proxy: CountryProxy): Promise<void> {
  await context.close()
  await proxy.close()
}

async function scrollThrough(page: Page): Promise<void> {
  const count = await page.$$eval('img', (pictures) => pictures.length)
  for (let index = 0; index < count; index++) {
    await page.evaluate((i) => {
      document.images[i]?.scrollIntoView({ block: 'center' })
    }, index)
    await page.waitForFunction((i) => document.images[i]?.complete, { timeout }, index)
  }
}

async function playVideo(page: Page): Promise<void> {
  const found = await page.$('video')
  if (found === null) return
  await found.evaluate((video) => {
    video.scrollIntoView({ block: 'center' })
    video.muted = true
    return video.play()
  })
  await page.waitForFunction(
    () => {
      const video = document.querySelector('video')
      if (video === null || video.buffered.length === 0) return false
      return video.ended || video.buffered.end(video.buffered.length - 1) >= video.duration - 0.5
    },
    { timeout },
  )
}
