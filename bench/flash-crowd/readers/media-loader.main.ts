import { launchChromium } from '@peerpress/testbed'
import { loaderPath } from '../post.ts'
import { beReader } from './reader-process.ts'

const patience = 900_000

let browser: Awaited<ReturnType<typeof launchChromium>>

// A reader in a browser on a page where p2p-media-loader-core loads the post as the segments of a stream.
beReader({
  async prepare() {
    browser = await launchChromium()
  },
  async read({ page: url }) {
    const page = await browser.newPage()
    page.setDefaultTimeout(patience)
    page.on('pageerror', (error) => console.error(error))
    await page.goto(new URL(loaderPath, url).href, { waitUntil: 'load', timeout: patience })
    await page.evaluate(() => (globalThis as unknown as { loaded: Promise<void> }).loaded)
  },
  async leave() {
    await browser?.close()
  },
})
