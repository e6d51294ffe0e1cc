import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach } from 'node:test'
import { launchChromium } from '@peerpress/testbed'
import { ensureVisitorBundles } from './visitor-bundles.ts'
import { chunkSizeFor } from '@peerpress/wire'
import type { Browser, Page } from 'puppeteer-core'
import { noisePng } from './noise-png.ts'
import { type Media, type SmallSite, startSmallSite } from './small-site.ts'
import { openSiteReader, type SiteReader } from './small-site-reader.ts'

export const pictures: readonly Media[] = Array.from({ length: 6 }, (_, i) => ({
  name: `picture-${i}.png`,
  type: 'image/png',
  bytes: noisePng(`picture-${i}`, 320),
}))
export const firstBytes = lengthOf(pictures.slice(0, 1))
export const lazyBytes = lengthOf(pictures.slice(1))
/** Larger than what the worker puts together before it answers. */
export const film: Media = {
  name: 'film.bin',
  type: 'application/octet-stream',
  bytes: noisePng('film', 2000),
}
export const filmPath = `/media/${film.name}`

/** The first picture is in view at once; the others are several screens apart. */
const body = pictures
  .map(
    ({ name }, i) => `<img ${i > 0 ? 'loading="lazy"' : ''} width="320" height="320" src="/media/${name}">`,
  )
  .join('<div style="height: 3000px"></div>')

/** Chunks of all files of the post. */
export const allChunks = chunksOf([...pictures, film])

/** A site with one post and its readers, other ones for each test; to be made in a `describe`. */
export class PicturePost {
  /** Two processes, so that readers who meet share none. */
  #browsers: readonly Browser[] = []
  #readers: SiteReader[] = []
  #site: SmallSite | undefined

  constructor() {
    before(async () => {
      await ensureVisitorBundles()
      this.#browsers = await Promise.all([launchChromium(), launchChromium()])
    })
    after(() => Promise.all(this.#browsers.map((browser) => browser.close())))
    beforeEach(async () => {
      this.#site = await startSmallSite([...pictures, film], body)
    })
    afterEach(async () => {
      await Promise.all(this.#readers.map((reader) => reader.close()))
      this.#readers = []
      await this.#site?.close()
    })
  }

  get site(): SmallSite {
    assert.ok(this.#site, 'there is a site in tests only')
    return this.#site
  }

  async newReader(prepare?: (page: Page) => Promise<unknown>): Promise<SiteReader> {
    const reader = await openSiteReader(this.#browsers[this.#readers.length % 2] as Browser, prepare)
    this.#readers.push(reader)
    return reader
  }

  /** A reader that has read the whole page, film included, and stays. */
  async newHolder(prepare?: (page: Page) => Promise<unknown>): Promise<SiteReader> {
    const holder = await this.newReader(prepare)
    await holder.open(this.site.url)
    await holder.scroll()
    await holder.fetch(filmPath)
    this.site.sent.clear()
    return holder
  }

  /** A reader on the page who was told by others that they hold so many chunks, by default all there are. */
  async newConnected({
    chunks = allChunks,
    prepare,
  }: { chunks?: number; prepare?: (page: Page) => Promise<unknown> } = {}): Promise<SiteReader> {
    const reader = await this.newReader(prepare)
    await reader.open(this.site.url, chunks)
    return reader
  }
}

/** All pictures are there, and nothing was thrown. */
export async function assertComplete(reader: SiteReader): Promise<void> {
  const widths = await reader.page.evaluate(() => Array.from(document.images, (image) => image.naturalWidth))
  assert.deepEqual(
    widths,
    pictures.map(() => 320),
  )
  assert.deepEqual(reader.errors, [])
}

export function chunksOf(media: readonly Media[]): number {
  return media.reduce((sum, { bytes: { length } }) => sum + Math.ceil(length / chunkSizeFor(length)), 0)
}

function lengthOf(media: readonly Media[]): number {
  return media.reduce((sum, { bytes }) => sum + bytes.length, 0)
}
