import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { measuredReader } from '../support/browser/measured-reader.ts'

suite("the SDK's views in Chromium", { timeout: 120_000 }, () => {
  const reader = measuredReader()
  const { hide, show, settle, open } = reader

  test('a path that the page itself goes on to is a view of its own, with the vitals of its soft navigation', async () => {
    const { page, blog, collector, errors } = reader
    await open('/app')
    await page.click('button')
    const first = await collector.received('the view that ended', ({ url }) => url.endsWith('/app'))
    await page.waitForFunction(
      () =>
        new Promise((found) =>
          new PerformanceObserver(() => found(true)).observe({ type: 'soft-navigation', buffered: true }),
        ),
    )
    await settle()
    await hide()
    const second = await collector.received('the next view', ({ url }) => url === blog.url('/app/chapter'))
    assert.notEqual(second.view, first.view)
    assert.equal(second.navigation, 'soft-navigation')
    assert.equal(second.post, null)
    assert.equal(second.referrer, '127.0.0.1')
    assert.equal(second.sequence, 1)
    assert.equal(second.load, null)
    assert.equal(second.timing, null)
    assert.equal(second.vitals.ttfb, null)
    assert.ok(second.vitals.lcp !== null && second.vitals.lcp > 0, 'LCP of the soft navigation')
    assert.ok(second.vitals.fcp !== null && second.vitals.fcp > 0, 'FCP of the soft navigation')
    assert.equal(second.attribution?.lcp.target, 'html>body>h1')
    assert.ok(second.age < first.age + 5000)
    assert.deepEqual(second.session, { id: first.session?.id, landing: false })
    // What the document's own load took stays with its view.
    assert.ok(first.vitals.fcp !== null && first.load !== null)
    assert.deepEqual(errors, [])
  })

  test('an address that is replaced, or changes its query alone, is the same view', async () => {
    const { page, collector } = reader
    await open('/post')
    await page.evaluate(() => {
      history.replaceState(null, '', '/canonical')
      history.pushState(null, '', '/canonical?page=2')
    })
    await page.evaluate(() => history.pushState(null, '', '/next'))
    await hide()
    await collector.received('the next', ({ url }) => url.endsWith('/next'))
    const urls = collector.requests.map(
      ({ body }) => new URL((JSON.parse(body) as { url: string }).url).pathname,
    )
    assert.deepEqual([...new Set(urls)], ['/post', '/next'])
  })

  test('each route after the # is a view of its own where the page asks for it', async () => {
    const { page, blog, collector, errors } = reader
    await open('/routes')
    for (const hash of ['#section', '#/two?token=1', '#!/drei/ü']) {
      await page.evaluate((to) => (location.hash = to), hash)
      await settle()
    }
    await hide()
    await collector.received('the last view', ({ url }) => url === blog.url('/routes%23!/drei/%C3%BC'))
    const views = new Map(
      collector.requests.map(({ body }) => {
        const { view, url } = JSON.parse(body) as { view: string; url: string }
        return [view, url]
      }),
    )
    assert.deepEqual([...views.values()].toSorted(), [
      blog.url('/routes'),
      blog.url('/routes%23!/drei/%C3%BC'),
      blog.url('/routes%23/two'),
    ])
    assert.deepEqual(errors, [])
  })

  test('a route after the # is no view where the page does not ask for it', async () => {
    const { page, blog, collector } = reader
    await open('/snippet')
    await page.evaluate(() => (location.hash = '#/two'))
    await hide()
    const { view } = await collector.received('the view', ({ url }) => url === blog.url('/snippet'))
    for (const { body } of collector.requests) assert.equal((JSON.parse(body) as { view: string }).view, view)
  })

  test('a view that outlasts the sleep of its device began before it', async () => {
    const { page, collector } = reader
    await open('/post')
    await hide()
    const first = await collector.received('the view', ({ sequence }) => sequence === 1)
    await show()
    await page.evaluate(() => {
      const { now } = Date
      // While a laptop sleeps, the document's clock stands still and the time of day goes on.
      Date.now = () => now() + 5 * 3_600_000
    })
    await page.click('button')
    await hide()
    const second = await collector.received('the later snapshot', ({ sequence }) => sequence > 1)
    assert.ok(second.age - first.age > 5 * 3_600_000, `${first.age} ms, then ${second.age} ms`)
  })

  test('a page that was opened in the background says so, and has no paint', async () => {
    const { page, other, blog, collector } = reader
    await page.goto('about:blank')
    await other.bringToFront()
    await page.goto(blog.url('/post'))
    await show()
    await settle()
    await hide()
    const beacon = await collector.received('the view', ({ hidden }) => hidden === true)
    assert.deepEqual([beacon.vitals.lcp, beacon.vitals.fcp], [null, null])
    assert.ok(beacon.vitals.ttfb !== null && beacon.load !== null)
    assert.ok(beacon.engagement.engagedMs < beacon.age)
  })

  test('a page that the reader saw from its start says so, hidden later or not', async () => {
    const { collector } = reader
    await open('/post')
    await hide()
    assert.equal((await collector.received('the view', () => true)).hidden, false)
  })

  test('reloads in a row are one view each, every one of them told', async () => {
    const { page, collector } = reader
    await open('/post')
    for (let reload = 0; reload < 8; reload++) await page.reload()
    await hide()
    await collector.received('the last view', ({ age }) => age >= 0)
    const views = new Set<string>()
    while (views.size < 9) {
      const { view } = await collector.received('another view', (beacon) => !views.has(beacon.view))
      views.add(view)
    }
    const beacons = collector.requests.map(
      ({ body }) => JSON.parse(body) as { navigation: string; view: string },
    )
    const kinds = new Map(beacons.map(({ view, navigation }) => [view, navigation]))
    assert.deepEqual([...kinds.values()].toSorted(), ['navigate', ...Array<string>(8).fill('reload')])
    assert.equal(kinds.size, 9)
  })
})
