import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { Beacon, Delivery } from '@peerpress/wire'
import { measuredSite as site } from '../support/browser/measured-blog.ts'
import { measuredReader } from '../support/browser/measured-reader.ts'

suite('the SDK in Chromium', { timeout: 120_000 }, () => {
  const reader = measuredReader()
  const { hide, show, settle, open } = reader

  test('tells of one view: its vitals, how it was loaded, how long and how far it was read', async () => {
    const { page, collector, blog, errors } = reader
    await page.goto(blog.url('/post?draft=secret&utm_source=news#part'), {
      referer: 'http://search.example/find?q=private',
    })
    await settle()
    await page.click('button')
    await settle()
    await hide()
    const beacon = await collector.received('the view', () => true)
    assert.equal(beacon.sequence, 1)
    assert.equal(beacon.site, site)
    assert.equal(beacon.post, '12')
    assert.equal(beacon.url, blog.url('/post'))
    assert.equal(beacon.navigation, 'navigate')
    assert.equal(beacon.referrer, 'search.example')
    assert.equal(beacon.campaign?.source, 'news')
    assert.equal(beacon.arm, 'ineligible')
    assert.equal(beacon.automated, false)
    assert.equal(beacon.delivery, null)
    const { lcp, inp, cls, fcp, ttfb } = beacon.vitals
    assert.equal(cls, 0)
    for (const [name, value] of Object.entries({ lcp, inp, fcp, ttfb, load: beacon.load })) {
      assert.ok(typeof value === 'number' && value > 0, `${name} is ${value}`)
    }
    assert.ok(beacon.engagement.engagedMs > 0)
    assert.ok(beacon.engagement.scrollDepth > 0 && beacon.engagement.scrollDepth < 0.5)
    assert.deepEqual(errors, [])
  })

  test('tells that a program drives the browser', async () => {
    const { page, collector } = reader
    await page.evaluateOnNewDocument(() => {
      Object.defineProperty(Navigator.prototype, 'webdriver', { get: () => true })
    })
    await open('/post')
    await hide()
    assert.equal((await collector.received('the view', () => true)).automated, true)
  })

  test('tells what the vitals are due to, and that the parts of LCP and INP add up to them', async () => {
    const { page, collector, blog } = reader
    await open('/picture')
    // What the reader does ends the search for the largest: its picture must have been painted by then.
    await page.waitForFunction(() => {
      const seen = (type: string, isIt: (entry: PerformanceEntry & { readonly id?: string }) => boolean) =>
        new Promise((found) =>
          new PerformanceObserver((list) => {
            if (list.getEntries().some(isIt)) found(true)
          }).observe({ type, buffered: true }),
        )
      return Promise.all([
        seen('layout-shift', () => true),
        seen('largest-contentful-paint', ({ id }) => id === 'hero'),
      ])
    })
    await page.click('button')
    await settle()
    await hide()
    const { vitals, attribution } = await collector.received(
      'the view',
      ({ vitals: { inp } }) => inp !== null,
    )
    assert.ok(attribution !== null)
    const { lcp, inp, cls } = attribution
    assert.equal(lcp.target, '#hero')
    assert.equal(lcp.url, blog.url('/picture.svg'))
    const sum = (...parts: (number | null)[]) =>
      parts.reduce<number>((total, part) => total + (part ?? Number.NaN), 0)
    const lcpSum = sum(
      lcp.timeToFirstByte,
      lcp.resourceLoadDelay,
      lcp.resourceLoadDuration,
      lcp.elementRenderDelay,
    )
    assert.ok(Math.abs(lcpSum - (vitals.lcp ?? 0)) < 0.01, `${lcpSum} is not ${vitals.lcp}`)
    assert.equal(inp.target, 'html>body>button')
    const inpSum = sum(inp.inputDelay, inp.processingDuration, inp.presentationDelay)
    // INP is given in steps of 8 ms.
    assert.ok(Math.abs(inpSum - (vitals.inp ?? 0)) <= 8, `${inpSum} is not ${vitals.inp}`)
    assert.ok((vitals.cls ?? 0) > 0)
    assert.equal(cls.target, 'html>body>main')
  })

  test('tells which views are of one session, and which one it began with', async () => {
    const { page, collector, blog, other } = reader
    await page.goto(blog.url('/post'))
    await page.goto(blog.url('/elsewhere'))
    await hide()
    const first = await collector.received('the first view', ({ url }) => url.endsWith('/post'))
    const second = await collector.received('the second view', ({ url }) => url.endsWith('/elsewhere'))
    assert.ok(first.session)
    assert.equal(first.session.landing, true)
    assert.deepEqual(second.session, { id: first.session.id, landing: false })
    await other.goto(blog.url('/snippet'))
    await other.goto('about:blank')
    const elsewhere = await collector.received('another tab', ({ url }) => url.endsWith('/snippet'))
    assert.equal(elsewhere.session, null, 'the snippet says nothing of consent')
  })

  test('remembers nothing in the tab of a reader who has to be asked, or sends Global Privacy Control', async () => {
    const { page, collector, blog } = reader
    await page.goto(blog.url('/asking'))
    await page.evaluateOnNewDocument(() => {
      Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })
    })
    await page.goto(blog.url('/private'))
    assert.equal(await page.evaluate(() => sessionStorage.length + localStorage.length), 0)
    await hide()
    const asked = await collector.received('the view', ({ url }) => url.endsWith('/asking'))
    const unwilling = await collector.received('the view', ({ url }) => url.endsWith('/private'))
    assert.deepEqual([asked.session, unwilling.session], [null, null])
  })

  test('sends as plain text, without cookies', async () => {
    const { page, collector, blog } = reader
    await page.goto(blog.url('/post'))
    assert.match(await page.evaluate(() => document.cookie), /reader=known/)
    await hide()
    await collector.received('the view', () => true)
    assert.match(String(collector.requests[0]?.headers['content-type']), /^text\/plain\b/)
    assert.equal(collector.requests[0]?.headers.cookie, undefined)
  })

  test('leaves INP, and CLS on a page nothing was painted on, at null: not measured', async () => {
    const { page, collector, blog } = reader
    await page.goto(blog.url('/empty'))
    await hide()
    const { vitals, attribution } = await collector.received('the view', () => true)
    assert.deepEqual({ ...vitals, ttfb: 0 }, { lcp: null, inp: null, cls: null, fcp: null, ttfb: 0 })
    const nothing = [
      attribution?.lcp.target,
      attribution?.lcp.elementRenderDelay,
      attribution?.inp.inputDelay,
    ]
    assert.deepEqual(nothing, [null, null, null])
  })

  test('follows with a later, whole snapshot of the same view, and counts no time while hidden', async () => {
    const { page, collector } = reader
    await open('/post')
    await hide()
    const first = await collector.received('the view', () => true)
    await show()
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
    await settle()
    await hide()
    const second = await collector.received('a second snapshot', ({ sequence }) => sequence === 2)
    assert.equal(second.view, first.view)
    assert.equal(second.engagement.scrollDepth, 1)
    assert.ok(second.engagement.engagedMs > first.engagement.engagedMs)
    assert.ok(second.engagement.engagedMs <= second.age)
    assert.deepEqual(second.vitals, { ...second.vitals, lcp: first.vitals.lcp, fcp: first.vitals.fcp })
  })

  test('tells of a page that is left, and of its return from the back/forward cache as a new view', async () => {
    const { page, collector, blog } = reader
    await page.goto(blog.url('/post'))
    await page.goto(blog.url('/elsewhere'))
    const left = await collector.received('the view that was left', ({ url }) => url.endsWith('/post'))
    await page.goBack()
    await settle()
    await hide()
    const back = await collector.received(
      'a new view',
      ({ view, url }) => url.endsWith('/post') && view !== left.view,
    )
    assert.equal(back.navigation, 'back-forward-cache')
    assert.equal(back.sequence, 1)
    assert.equal(back.load, null)
    assert.equal(back.vitals.ttfb, 0)
    assert.equal(back.vitals.cls, 0)
    assert.ok(back.vitals.lcp !== null && back.vitals.lcp > 0)
    assert.equal(back.attribution?.lcp.elementRenderDelay, null)
    assert.ok(back.age < left.age + 5000 && back.engagement.engagedMs <= back.age)
  })

  test('takes arm and delivery from the loader, and counts no byte twice after a return', async () => {
    const { page, collector, blog } = reader
    await page.goto(blog.url('/assisted'))
    await page.goto(blog.url('/elsewhere'))
    const first = await collector.received('the first view', ({ url }) => url.endsWith('/assisted'))
    assert.equal(first.arm, 'assisted')
    assert.equal(ofPeers(first)?.bytes.peer, 1000)
    await page.goBack()
    await page.evaluate(() => {
      const { delivery } = (window as unknown as { peerpress: { delivery: () => Delivery } }).peerpress
      const more = { ...delivery(), uploaded: 7 }
      ;(window as unknown as { peerpress: object }).peerpress = {
        config: {},
        arm: 'assisted',
        delivery: () => more,
      }
    })
    await hide()
    const second = await collector.received(
      'the second view',
      ({ arm, view }) => arm === 'assisted' && view !== first.view,
    )
    assert.equal(ofPeers(second)?.bytes.peer, 0)
    assert.equal(ofPeers(second)?.uploaded, 7)
  })

  test('sends nothing while a page is rendered in advance, and counts from its activation', async () => {
    const { page, collector, blog } = reader
    await page.goto(blog.url('/ahead'))
    await blog.requested('/loaded-ahead')
    assert.deepEqual(collector.requests, [])
    await page.click('a')
    await blog.requested('/activated')
    await settle()
    await hide()
    const beacon = await collector.received('the activated view', ({ url }) => url.endsWith('/prerendered'))
    assert.equal(beacon.navigation, 'prerender')
    assert.ok(beacon.vitals.ttfb !== null)
  })

  test('measures a page with the snippet alone, for the origin the script came from', async () => {
    const { page, collector, blog } = reader
    await page.goto(blog.url('/snippet'))
    await hide()
    const beacon = await collector.received('the view', () => true)
    assert.equal(beacon.site, site)
    assert.equal(beacon.post, null)
  })

  test('counts a page that embeds the script twice once', async () => {
    const { page, collector, blog } = reader
    await page.goto(blog.url('/twice'))
    await hide()
    await collector.received('the view', () => true)
    await show()
    await page.goto(blog.url('/elsewhere'))
    await hide()
    await collector.received('the next page', ({ url }) => url.endsWith('/elsewhere'))
    const views = new Set(collector.requests.map(({ body }) => (JSON.parse(body) as { view: string }).view))
    assert.equal(views.size, 2)
  })

  test('does nothing on a page that names no site', async () => {
    const { page, collector, blog, errors } = reader
    await page.goto(blog.url('/nothing'))
    await page.goto(blog.url('/elsewhere'))
    await hide()
    await collector.received('the next page', ({ url }) => url.endsWith('/elsewhere'))
    assert.ok(!collector.requests.some(({ body }) => body.includes('/nothing')))
    assert.deepEqual(errors, [])
  })
})

function ofPeers({ delivery }: Beacon): Delivery | null {
  return delivery && 'peers' in delivery ? delivery : null
}
