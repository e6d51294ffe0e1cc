import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { BeaconCollector } from '../support/server/beacon-collector.ts'
import { measuredReader } from '../support/browser/measured-reader.ts'

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

  for (const [what, replace] of [
    [
      'puts a toJSON on lists, as Prototype did',
      () => {
        Object.assign(Array.prototype, {
          toJSON(this: unknown[]) {
            return `[${this.map((item) => JSON.stringify(item)).join(', ')}]`
          },
        })
      },
    ],
    ['puts a toJSON on all objects', () => Object.assign(Object.prototype, { toJSON: () => 'an object' })],
    [
      "has Prototype's own reduce, map and Array.from",
      () => {
        Object.assign(Array.prototype, {
          reduce(this: unknown[]) {
            return this.length > 1 ? this : this[0]
          },
        })
        Array.from = ((items: Iterable<unknown>) => [...items]) as typeof Array.from
      },
    ],
    [
      'prints its JSON for people',
      () => {
        const { stringify } = JSON
        JSON.stringify = (value: unknown) => stringify(value, null, 2)
      },
    ],
    [
      'wraps fetch',
      () => {
        const fetch = window.fetch.bind(window)
        window.fetch = async (...request) => {
          await Promise.resolve()
          return fetch(...request)
        }
      },
    ],
    ['stops its clock', () => (Date.now = () => 1_700_000_000_000)],
  ] as const) {
    test(`measures a page that ${what}`, async () => {
      const { page, collector, blog, errors } = reader
      await page.evaluateOnNewDocument(replace)
      await open('/elsewhere')
      await page.click('button')
      await hide()
      const beacon = await collector.received('the view', ({ url }) => url === blog.url('/elsewhere'))
      assert.ok(Array.isArray(beacon.resources))
      assert.equal(beacon.sampling, 1)
      assert.deepEqual(errors, [])
    })
  }

  for (const [path, word] of [
    ['/percent', 'data-sampling is a number from 0 to 1'],
    ['/too-many', 'data-sampling is a number from 0 to 1'],
    ['/spaced', 'data-site is 16 letters and digits'],
    ['/nothing', 'data-site is 16 letters and digits'],
    ['/module', 'use no type="module"'],
    ['/agreeing', 'data-consent is assumed or required'],
  ] as const) {
    test(`warns once on the console of what has no effect: ${path}`, async () => {
      const { page, errors, blog } = reader
      const words: string[] = []
      page.on('console', (message) => words.push(message.text()))
      await page.goto(blog.url(path))
      assert.deepEqual(words, [`peerpress: in the script tag ${word}`])
      assert.deepEqual(errors, [])
    })
  }

  test('warns of nothing where all has its effect', async () => {
    const { page, blog } = reader
    const words: string[] = []
    page.on('console', (message) => words.push(message.text()))
    for (const path of ['/snippet', '/routes', '/sampled-out', '/post', '/twice', '/assisted'])
      await page.goto(blog.url(path))
    assert.deepEqual(words, [])
  })

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
