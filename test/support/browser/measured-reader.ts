import { readFile } from 'node:fs/promises'
import { after, afterEach, before, beforeEach } from 'node:test'
import { launchChromium } from '@peerpress/testbed'
import type { Browser, Page } from 'puppeteer-core'
import { type BeaconCollector, startBeaconCollector } from '../server/beacon-collector.ts'
import { type MeasuredBlog, startMeasuredBlog } from './measured-blog.ts'

/** A reader's browser, a blog that is measured, and its collector; all but the browser are new for each test. */
export interface MeasuredReader {
  readonly browser: Browser
  readonly collector: BeaconCollector
  readonly blog: MeasuredBlog
  readonly page: Page
  /** A tab that hides the page when it comes to the front. */
  readonly other: Page
  /** What reached the page's own error handlers. */
  readonly errors: readonly unknown[]
  readonly hide: () => Promise<void>
  readonly show: () => Promise<void>
  /** Two frames were painted and what waited for them has run. */
  readonly settle: () => Promise<unknown>
  /** Opens a page of the blog and waits until it was painted. */
  readonly open: (path: string) => Promise<void>
}

/** Registers what starts and ends all of it with the suite that calls it. The fields are there while a test runs. */
export function measuredReader(): MeasuredReader {
  const reader = {
    hide: () => reader.other.bringToFront(),
    show: () => reader.page.bringToFront(),
    settle: () =>
      reader.page.evaluate(
        () =>
          new Promise((resolve) => {
            requestAnimationFrame(() =>
              requestAnimationFrame(() => requestIdleCallback(resolve, { timeout: 1000 })),
            )
          }),
      ),
    async open(path: string) {
      await reader.page.goto(reader.blog.url(path))
      await reader.page.waitForFunction(
        () => performance.getEntriesByName('first-contentful-paint').length > 0,
      )
      await reader.settle()
    },
  } as { -readonly [Key in keyof MeasuredReader]: MeasuredReader[Key] }
  let sdk: Buffer

  before(async () => {
    sdk = await readFile(new URL(import.meta.resolve('@peerpress/rum/rum.js')))
    reader.browser = await launchChromium()
    reader.other = await reader.browser.newPage()
  })
  after(() => reader.browser.close())
  beforeEach(async () => {
    reader.collector = await startBeaconCollector(sdk)
    reader.blog = await startMeasuredBlog(sdk, () => reader.collector.origin)
    reader.page = await reader.browser.newPage()
    const errors: unknown[] = []
    reader.errors = errors
    reader.page.on('pageerror', (error) => errors.push(error))
  })
  afterEach(async () => {
    await reader.page.close()
    await reader.collector.close()
    await reader.blog.close()
  })
  return reader
}
