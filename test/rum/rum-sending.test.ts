import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { eventually } from '../support/eventually.ts'
import { measuredReader } from '../support/browser/measured-reader.ts'

/** What the SDK gives a page's own scripts. */
interface Window {
  readonly peerpressRum: {
    event(name: string, value?: number): void
    consent(granted: boolean): void
    stop(): void
  }
}

suite("the SDK's sending in Chromium", { timeout: 120_000 }, () => {
  const reader = measuredReader()
  const { hide, show, settle, open } = reader
  const beacons = () =>
    reader.collector.requests.map(
      ({ body }) => JSON.parse(body) as { view: string; url: string; sequence: number },
    )
  /** What is kept in the browser for later. */
  const kept = () =>
    reader.page.evaluate(async () => {
      if (!(await indexedDB.databases()).some(({ name }) => name === 'peerpress-beacons')) return 0
      return new Promise<number>((resolve, reject) => {
        const database = indexedDB.open('peerpress-beacons')
        database.addEventListener('error', reject)
        database.addEventListener('success', () => {
          const count = database.result.transaction('views').objectStore('views').count()
          count.addEventListener('success', () => {
            database.result.close()
            resolve(count.result)
          })
        })
      })
    })
  const eventuallyKept = (count: number): Promise<true> =>
    eventually(`${count} views kept`, async () => (await kept()) === count || undefined, 10_000)

  test('what a reader without a network left behind arrives from a later page, once, at its time', async () => {
    const { page, collector, blog } = reader
    await open('/post')
    await collector.reachable(false)
    await hide()
    await show()
    await eventuallyKept(1)
    await page.goto(blog.url('/elsewhere'))
    await collector.reachable(true)
    const late = await collector.received('the view that was left', ({ url }) => url.endsWith('/post'))
    await eventuallyKept(0)
    assert.ok(late.age > 3000, 'the age is until it was sent')
    assert.ok(late.vitals.fcp !== null)
    await page.reload()
    await page.goto(blog.url('/snippet'))
    await collector.received('another page', ({ url }) => url.endsWith('/elsewhere'))
    assert.equal(beacons().filter(({ url }) => url.endsWith('/post')).length, 1)
  })

  test('a view that is still there sends all of it again when the browser is online', async () => {
    const { page, collector } = reader
    await open('/post')
    await page.setOfflineMode(true)
    await hide()
    await eventuallyKept(1)
    await page.setOfflineMode(false)
    const beacon = await collector.received('the view', () => true)
    assert.equal(beacon.sequence, 2)
    await eventuallyKept(0)
    assert.equal(beacons().length, 1)
  })

  test('a server that is busy hears nothing before the time it asked for, from later pages neither', async () => {
    const { page, collector, blog } = reader
    collector.answer(503, '600')
    await page.evaluateOnNewDocument(noteLook)
    await open('/post')
    await hide()
    await collector.received('the first', () => true)
    collector.answer(204)
    await show()
    await page.evaluate(() => scrollTo(0, 999))
    await settle()
    await hide()
    await show()
    await eventuallyKept(1)
    await page.goto(blog.url('/elsewhere'))
    // A later page looks for what is left after a while; what it does then it does at once.
    await page.waitForFunction(() => Reflect.get(window, 'hasLooked') === true)
    await settle()
    await hide()
    await show()
    await eventuallyKept(2)
    assert.equal(beacons().length, 1)
  })

  test('what the server refuses for good is not sent again', async () => {
    const { page, collector } = reader
    collector.answer(403)
    await open('/post')
    await hide()
    await collector.received('the first', () => true)
    collector.answer(204)
    await show()
    await page.evaluate(() => scrollTo(0, 999))
    await settle()
    await hide()
    await collector.received('a later one', ({ sequence }) => sequence === 2)
    await show()
    assert.equal(await kept(), 0)
    assert.equal(beacons().length, 2)
  })

  test('keeps nothing in the browser of a reader who has to be asked', async () => {
    const { collector } = reader
    await open('/asking')
    await collector.reachable(false)
    await hide()
    await show()
    await collector.reachable(true)
    await hide()
    await collector.received('the view', () => true)
    await show()
    assert.equal(await kept(), 0)
  })

  test('what is remembered goes when the reader refuses, and nothing takes its place', async () => {
    const { page, collector } = reader
    await open('/post')
    await collector.reachable(false)
    await hide()
    await show()
    await eventuallyKept(1)
    await page.evaluate(() => (window as unknown as Window).peerpressRum.consent(false))
    await eventuallyKept(0)
    const failed = new Promise((resolve) => page.once('requestfailed', resolve))
    await page.evaluate(() => history.pushState(null, '', '/refused'))
    await failed
    await collector.reachable(true)
    await hide()
    const refused = await collector.received('the next view', ({ url }) => url.endsWith('/refused'))
    assert.equal(refused.session, null)
    await show()
    assert.equal(await kept(), 0)
    assert.equal(await page.evaluate(() => sessionStorage.length + localStorage.length), 0)
  })

  test('a tab that crashes tells what was known', async () => {
    const { page, browser, blog, collector } = reader
    const doomed = await browser.newPage()
    await doomed.goto(blog.url('/post'))
    await doomed.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0)
    await doomed.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)))
    const devtools = await doomed.createCDPSession()
    // Neither this nor closing the tab is ever answered; the tab ends with the browser.
    devtools.send('Page.crash').catch(() => {})
    const beacon = await collector.received('the view', () => true)
    assert.equal(beacon.sequence, 1)
    assert.ok(beacon.vitals.fcp !== null)
    await page.bringToFront()
  })

  test('numbers have no gap when the browser was left a report and another was sent instead', async () => {
    const { page, collector } = reader
    await open('/post')
    for (let number = 1; number <= 3; number++) {
      await page.evaluate((depth) => scrollTo(0, depth * 300), number)
      await settle()
      await hide()
      await collector.received(`number ${number}`, ({ sequence }) => sequence === number)
      await show()
    }
    assert.deepEqual(
      beacons().map(({ sequence }) => sequence),
      [1, 2, 3],
    )
  })

  test('a page may change a report, or keep it back, and what it throws there reaches nobody', async () => {
    const { page, blog, collector, errors } = reader
    for (const path of ['/scrubbed', '/refusing', '/throwing']) {
      await page.goto(blog.url(path))
      await settle()
    }
    await page.goto(blog.url('/elsewhere'))
    await hide()
    await collector.received('the last page', ({ url }) => url.endsWith('/elsewhere'))
    const paths = new Set(beacons().map(({ url }) => new URL(url).pathname))
    assert.deepEqual(paths, new Set(['/scrubbed-away', '/elsewhere']))
    assert.deepEqual(errors, [])
  })

  test('a page that ends the measuring is not told of any more', async () => {
    const { page, blog, collector, errors } = reader
    await open('/post')
    await page.evaluate(() => {
      const { peerpressRum } = window as unknown as Window
      peerpressRum.stop()
      peerpressRum.event('too-late')
    })
    await page.click('button')
    await page.goto(blog.url('/elsewhere'))
    await hide()
    await collector.received('the next page', ({ url }) => url.endsWith('/elsewhere'))
    assert.ok(!beacons().some(({ url }) => url.endsWith('/post')))
    assert.deepEqual(errors, [])
  })

  test('a session is measured as a whole or not at all, and says what it stands for', async () => {
    const { page, blog, collector } = reader
    await page.goto(blog.url('/sampled-out'))
    await page.goto(blog.url('/post'))
    // By the last digits of the session's id: one below the half, one above it.
    for (const last of ['7', '8']) {
      await page.evaluate((digit) => {
        const id = `00000000-0000-4000-8000-0000${digit}fffffff`
        sessionStorage.setItem('peerpress:session', JSON.stringify({ id, seen: Date.now() }))
      }, last)
      await page.goto(blog.url(`/half?${last}`))
      await page.reload()
    }
    await page.goto(blog.url('/elsewhere'))
    await hide()
    await collector.received('the last page', ({ url }) => url.endsWith('/elsewhere'))
    const halves = collector.requests
      .map(({ body }) => JSON.parse(body) as { url: string; sampling: number; session: { id: string } })
      .filter(({ url }) => url.endsWith('/half'))
    assert.deepEqual(new Set(halves.map(({ session }) => session.id.at(-8))), new Set(['7']))
    assert.ok(halves.length >= 2 && halves.every(({ sampling }) => sampling === 0.5))
    assert.ok(!beacons().some(({ url }) => url.endsWith('/sampled-out')))
  })
})

/** Runs in the page before its scripts: notes that somebody looked for what is kept. */
function noteLook(): void {
  const getAll = Reflect.get(IDBObjectStore.prototype, 'getAll') as (...args: unknown[]) => IDBRequest
  IDBObjectStore.prototype.getAll = function (this: IDBObjectStore, ...args: unknown[]) {
    const request = getAll.apply(this, args)
    request.addEventListener('success', () => Reflect.set(window, 'hasLooked', true))
    return request
  }
}
