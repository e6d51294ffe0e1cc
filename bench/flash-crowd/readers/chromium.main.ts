import { launchChromium } from '@peerpress/testbed'
import { beReader } from './reader-process.ts'

/** ms that a reader looks at what is above the fold. */
const glance = 1000

/** ms that the longest step of a reader may take. */
const patience = 900_000

let browser: Awaited<ReturnType<typeof launchChromium>>

// A reader in a browser that has never run before: it looks, scrolls through all of the post, and loads the video.
beReader({
  async prepare({ page }) {
    browser = await launchChromium(treatAsSecure(page))
  },
  async read({ page: url }) {
    const page = await browser.newPage()
    page.setDefaultTimeout(patience)
    await page.setViewport({ width: 1280, height: 800 })
    await page.goto(url, { waitUntil: 'load', timeout: patience })
    await page.evaluate(readAll, glance)
  },
  async leave() {
    await browser?.close()
  },
})

/** Service workers run on HTTPS, on loopback, and where the browser is told so. */
function treatAsSecure(url: string): string[] {
  return [`--unsafely-treat-insecure-origin-as-secure=${new URL(url).origin}`]
}

/** Runs in the page. */
async function readAll(look: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, look))
  const video = fetch(document.querySelector('video')?.src ?? '').then((answer) => answer.arrayBuffer())
  const pictures = [...document.images]
  for (const picture of pictures) {
    picture.scrollIntoView({ block: 'center' })
    await new Promise((resolve) => requestAnimationFrame(resolve))
  }
  await Promise.all([video, ...pictures.map(async (picture) => loaded(picture))])

  async function loaded(picture: HTMLImageElement): Promise<void> {
    if (!picture.complete)
      await new Promise((resolve, reject) => {
        picture.addEventListener('load', resolve)
        picture.addEventListener('error', reject)
      })
    if (picture.naturalWidth === 0) throw new Error(`${picture.src} is broken`)
  }
}
