import type { Browser, CDPSession } from 'puppeteer-core'
import { type MainThread, readTrace, traceCategories } from './trace.ts'

/** ms without a request after which a page has settled. */
const quiet = 1000

/**
 * A reader who has never been there opens the page, clicks twice, scrolls and leaves for another tab. `slowdown`: how many
 * times slower the page's processor is.
 */
export async function visit(browser: Browser, url: string, slowdown: number): Promise<MainThread> {
  const context = await browser.createBrowserContext()
  try {
    const page = await context.newPage()
    const other = await context.newPage()
    await page.bringToFront()
    const devtools = await page.createCDPSession()
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
    await page.tracing.start({ categories: [...traceCategories] })
    await page.goto(url, { waitUntil: 'load' })
    for (let click = 0; click < 2; click++) {
      await page.click('button')
      await painted(devtools)
    }
    await page.mouse.wheel({ deltaY: 900 })
    await page.waitForNetworkIdle({ idleTime: quiet })
    await other.bringToFront()
    await page.waitForNetworkIdle({ idleTime: quiet / 2 })
    const trace = await page.tracing.stop()
    return readTrace(trace ?? new Uint8Array(), url)
  } finally {
    await context.close()
  }
}

/** Resolves when the page has painted what came before. */
async function painted(devtools: CDPSession): Promise<void> {
  await devtools.send('Runtime.evaluate', {
    expression: 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))',
    awaitPromise: true,
  })
}
