import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { countAsset } from './count-asset.ts'
import { countEvent } from './count-event.ts'
import { documentTiming } from '../page/document-timing.ts'
import { isSampled } from '../page/is-sampled.ts'
import { resourceType } from './resource-type.ts'
import { retryAfter } from '../sending/sender.ts'
import { add, noTallies } from './tallies.ts'
import { randomId } from '../page/view-id.ts'
import { sampleOf } from './watch-errors.ts'

suite('figures that accumulate while a view lasts', () => {
  test('a figure that this runtime does not report is null, which differs from 0', () => {
    assert.equal(noTallies().longFrames, null)
  })

  test('no figure exceeds the range of a beacon', () => {
    const figures = { count: 999_999 }
    add(figures, 'count')
    add(figures, 'count')
    assert.equal(figures.count, 1_000_000)
    add(figures, 'count', 5, 1_000_003)
    assert.equal(figures.count, 1_000_003)
  })

  test('counts an asset by its outcome and the source of its bytes; a hidden one is not counted as empty', () => {
    const tallies = noTallies()
    const hidden = { responseStatus: 0, transferSize: 0, encodedBodySize: 0 }
    countAsset(tallies, hidden)
    assert.equal(tallies.delivery, null)
    for (const timed of [
      { responseStatus: 200, transferSize: 1300, encodedBodySize: 1000 },
      // From the cache, and from the cache after a revalidation.
      { responseStatus: 200, transferSize: 0, encodedBodySize: 400 },
      { responseStatus: 200, transferSize: 300, encodedBodySize: 700 },
      // From a browser that reports no status, and from an origin that exposes the size only.
      { transferSize: 310, encodedBodySize: 10 },
      { responseStatus: 404, transferSize: 800, encodedBodySize: 500 },
      hidden,
    ])
      countAsset(tallies, timed)
    assert.deepEqual(tallies.delivery, {
      assets: { complete: 4, failed: 1 },
      bytes: { origin: 1010, cache: 1100 },
    })
  })

  test("counts the page's events by name and sums their values; invalid names and values are ignored", () => {
    const tallies = { events: noTallies().events }
    countEvent(tallies, 'sign-up')
    countEvent(tallies, 'sign-up', 2.5)
    countEvent(tallies, 'sign-up', -1)
    countEvent(tallies, 'sign-up', Number.NaN)
    countEvent(tallies, 'reader@example.com')
    countEvent(tallies, { toString: () => '1st' } as never)
    assert.deepEqual(tallies.events, [{ name: 'sign-up', count: 4, value: 1.5 }])
    for (let n = 0; n < 30; n++) countEvent(tallies, `event-${n}`, 1e300)
    assert.equal(tallies.events.length, 20)
    assert.equal(tallies.events[1]?.value, 1e15)
  })

  test('reports an error without queries, personal addresses and control characters', () => {
    assert.deepEqual(
      sampleOf('script', 'no a@b.example at /x?token=1 now', {
        source: 'https://a.example/s.js?v=1',
        line: 7,
      }),
      {
        kind: 'script',
        text: 'no … at /x… now',
        source: 'https://a.example/s.js',
        line: 7,
      },
    )
    const none = { kind: 'rejection', text: '–', source: null, line: null }
    assert.deepEqual(sampleOf('rejection', '\u0000'), none)
    assert.deepEqual(sampleOf('rejection', undefined, { source: 'blob:x', line: 0 }), none)
    assert.equal(sampleOf('script', 'a'.repeat(300)).text.length, 200)
  })

  test("takes a resource's type from its initiator, or from its name if the initiator is ambiguous", () => {
    const of = (initiatorType: string, path: string) =>
      resourceType({ initiatorType, name: `https://a.example/${path}` })
    assert.equal(of('img', 'picture'), 'image')
    assert.equal(of('css', 'a.woff2?v=1'), 'font')
    assert.equal(of('css', 'background.png'), 'image')
    assert.equal(of('css', 'imported.css'), 'style')
    assert.equal(of('link', 'site.css?v=1'), 'style')
    assert.equal(of('link', 'hero.avif'), 'image')
    assert.equal(of('link', 'module.mjs'), 'script')
    assert.equal(of('link', 'css?family=Inter'), 'style')
    assert.equal(of('script', 'js?id=1.png'), 'script')
    assert.equal(of('video', 'film.mp4'), 'media')
    assert.equal(of('xmlhttprequest', 'api'), 'fetch')
    assert.equal(of('fetch', 'api'), 'fetch')
    assert.equal(of('iframe', 'frame.html'), 'other')
    assert.equal(of('beacon', 'x'), 'other')
  })
})

suite('documentTiming', () => {
  const entry = {
    redirectStart: 0,
    redirectEnd: 0,
    domainLookupStart: 5,
    domainLookupEnd: 5,
    connectStart: 5,
    secureConnectionStart: 10,
    connectEnd: 25,
    requestStart: 26,
    responseStart: 90,
    responseEnd: 100,
    domInteractive: 200,
    domContentLoadedEventEnd: 210,
    loadEventEnd: 0,
  }
  const later = { ...entry, responseStart: 1e12 } as PerformanceNavigationTiming

  test('reports the phases; one that did not happen or has not ended is null, one that took no time is 0', (t) => {
    t.mock.method(performance, 'now', () => 1000)
    assert.deepEqual(documentTiming(entry as PerformanceNavigationTiming, 0), {
      ttfb: 90,
      load: null,
      timing: {
        redirect: null,
        lookup: 0,
        connect: 20,
        tls: 15,
        request: 64,
        response: 10,
        interactive: 200,
        contentLoaded: 210,
      },
    })
  })

  test('counts from the activation of a prerendered page', (t) => {
    t.mock.method(performance, 'now', () => 1000)
    const { ttfb, timing } = documentTiming(entry as PerformanceNavigationTiming, 205)
    assert.deepEqual([ttfb, timing?.interactive, timing?.contentLoaded, timing?.request], [0, 0, 5, 64])
  })

  test('reports nothing if the browser reports nothing or invalid times', () => {
    assert.deepEqual(documentTiming(undefined, 0), { ttfb: null, load: null, timing: null })
    assert.deepEqual(documentTiming(later, 0), { ttfb: null, load: null, timing: null })
  })
})

suite('isSampled', () => {
  test('gives a session the same answer every time, and measures about the requested share', () => {
    const ids = Array.from({ length: 4000 }, () => randomId())
    const chosen = ids.filter((id) => isSampled(id, 0.25))
    assert.deepEqual(
      ids.filter((id) => isSampled(id, 0.25)),
      chosen,
    )
    // Ten standard deviations.
    assert.ok(Math.abs(chosen.length - 1000) < 275, `${chosen.length}`)
    assert.ok(chosen.every((id) => isSampled(id, 0.5)))
  })

  test('measures all or none if requested', () => {
    const most = '00000000-0000-4000-8000-0000ffffffff'
    const least = '00000000-0000-4000-8000-000000000000'
    assert.deepEqual([isSampled(most, 1), isSampled(least, 0)], [true, false])
  })
})

suite('retryAfter', () => {
  const now = Date.UTC(2026, 2, 1, 12)

  test('reads seconds and dates', () => {
    assert.equal(retryAfter('30', now), 30_000)
    assert.equal(retryAfter('Sun, 01 Mar 2026 12:01:00 GMT', now), 60_000)
  })

  test('does not wait for an invalid value, and never waits longer than a day', () => {
    for (const header of [null, '', '-5', 'soon', 'Sun, 01 Mar 2026 11:00:00 GMT']) {
      assert.equal(retryAfter(header, now), 0, String(header))
    }
    assert.equal(retryAfter('99999999999', now), 86_400_000)
  })
})
