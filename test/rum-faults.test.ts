import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { BeaconCollector } from './support/beacon-collector.ts'
import { measuredReader } from './support/measured-reader.ts'

suite('the SDK where something is missing or fails', { timeout: 120_000 }, () => {
  const reader = measuredReader()
  const { hide, show, open } = reader

  for (const [what, fail, mend] of [
    ['answers 500', (to: BeaconCollector) => to.answer(500), (to: BeaconCollector) => to.answer(204)],
    [
      'refuses connections',
      (to: BeaconCollector) => to.reachable(false),
      (to: BeaconCollector) => to.reachable(true),
    ],
  ] as const) {
    test(`loses nothing but time when the server ${what}`, async () => {
      const { page, collector, errors } = reader
      await open('/post')
      const failed = new Promise((resolve) => {
        page.on('requestfailed', resolve)
        page.on('response', (response) => response.status() === 500 && resolve(response))
      })
      await fail(collector)
      await hide()
      await failed
      await mend(collector)
      await show()
      const later = await collector.received('a later number', ({ sequence }) => sequence > 1)
      assert.ok(later.vitals.fcp !== null)
      assert.deepEqual(errors, [])
    })
  }

  for (const missing of [
    'PerformanceObserver',
    'PerformanceEventTiming',
    'performance.getEntriesByType',
    'performance',
    'fetch',
    'Request',
    'navigator.sendBeacon',
    'requestAnimationFrame',
    'requestIdleCallback',
    'crypto',
    'crypto.getRandomValues',
    'document.hasFocus',
    'sessionStorage',
    'localStorage',
    'indexedDB',
    'fetchLater',
    'navigation',
  ]) {
    test(`throws nothing into a page that lacks ${missing}`, () => survive(takeAway, missing))
  }

  for (const broken of [
    'PerformanceObserver',
    'performance.getEntriesByType',
    'fetch',
    'fetchLater',
    'navigator.sendBeacon',
    'crypto',
    'crypto.getRandomValues',
    // As browsers do where all cookies are blocked.
    'sessionStorage',
    'localStorage',
    'indexedDB',
  ]) {
    test(`throws nothing into a page where ${broken} itself throws`, () => survive(makeThrow, broken))
  }

  test('throws nothing into a page where its database has another shape', () =>
    survive((name) => indexedDB.open(name, 1), 'peerpress-beacons'))

  async function survive(spoil: (path: string) => unknown, path: string): Promise<void> {
    const { page, collector, blog, errors } = reader
    await page.evaluateOnNewDocument(spoil, path)
    // What cannot be sent is to be kept, which is where the storages are asked.
    await collector.reachable(false)
    await page.goto(blog.url('/post'))
    await page.click('button')
    await page.mouse.wheel({ deltaY: 300 })
    await hide()
    await show()
    await page.evaluate(() => {
      const { peerpressRum } = window as { peerpressRum?: Face }
      peerpressRum?.event('read')
      peerpressRum?.consent(false)
      history.pushState(null, '', '/next')
    })
    await settleAnyhow()
    await page.goto(blog.url('/elsewhere'))
    await page.goBack()
    await page.evaluate(() => (window as { peerpressRum?: Face }).peerpressRum?.stop())
    assert.deepEqual(errors, [])
  }

  /** `settle` asks for what may be gone: a task after the next is enough for a promise to be rejected. */
  function settleAnyhow(): Promise<unknown> {
    return reader.page.evaluate(() => new Promise((resolve) => setTimeout(() => setTimeout(resolve))))
  }

  test('sends by sendBeacon where there is no fetch', async () => {
    const { page, collector, blog } = reader
    await page.evaluateOnNewDocument(takeAway, 'fetch')
    await page.goto(blog.url('/post'))
    await hide()
    assert.equal((await collector.received('the view', () => true)).sequence, 1)
  })

  test('violates no strict content security policy and needs no trusted type', async () => {
    const { page, collector, blog, errors } = reader
    await page.goto(blog.url('/strict'))
    await page.click('button')
    await hide()
    await collector.received('the view', ({ url }) => url.endsWith('/strict'))
    await show()
    assert.equal(await page.evaluate(() => document.documentElement.dataset['violations']), undefined)
    assert.deepEqual(errors, [])
  })
})

/** What the SDK gives a page's own scripts. */
interface Face {
  readonly event: (name: string) => void
  readonly consent: (granted: boolean) => void
  readonly stop: () => void
}

/** Runs in the page: makes a look at what a name such as `crypto` stands for throw. */
function makeThrow(path: string): void {
  const names = path.split('.')
  const last = names.pop() as string
  const owner = names.reduce<object>((object, name) => object[name as never], window)
  Object.defineProperty(owner, last, {
    get() {
      throw new DOMException('The operation is insecure.', 'SecurityError')
    },
    configurable: true,
  })
}

/** Runs in the page: removes what a name such as `navigator.sendBeacon` stands for. */
function takeAway(path: string): void {
  const names = path.split('.')
  const last = names.pop() as string
  const owner = names.reduce<object>((object, name) => object[name as never], window)
  Object.defineProperty(owner, last, { value: undefined, configurable: true, writable: true })
}
