import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { measuredReader } from '../support/browser/measured-reader.ts'

/** What the SDK gives a page's own scripts. */
interface Window {
  readonly peerpressRum: { event(name: string, value?: number): void; stop(): void }
}

/** What the page with a player has heard of it, and whether it moved then. */
interface Player {
  readonly told: readonly { readonly type: string; readonly timeStamp: number; readonly moves: boolean }[]
}

/** Times are of the same events, but sums of many of them. */
function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1, `${actual} ms for ${expected}`)
}

suite('what the SDK adds up in Chromium', { timeout: 120_000 }, () => {
  const reader = measuredReader()
  const { hide, settle, open } = reader
  /** The player has told that last, but for the time. */
  const heard = (type: string) =>
    reader.page.waitForFunction(
      (awaited) =>
        (window as unknown as Player).told.findLast((each) => each.type !== 'timeupdate')?.type === awaited,
      {},
      type,
    )

  test('errors of scripts, promises and resources are counted, the first different ones told', async () => {
    const { page, blog, collector } = reader
    await page.goto(blog.url('/broken'))
    await blog.requested('/has-failed')
    await page.waitForFunction(
      () =>
        new Promise((found) =>
          new PerformanceObserver(() => found(true)).observe({
            type: 'long-animation-frame',
            buffered: true,
          }),
        ),
    )
    await settle()
    await hide()
    const { errors, longFrames, resources } = await collector.received('the view', () => true)
    assert.ok(errors && longFrames && resources)
    // What was not loaded before the SDK listened is not known.
    assert.deepEqual([errors.scripts, errors.resources], [3, 1])
    const samples = errors.samples.map(({ kind, text, source }) => `${kind}: ${text} (${source})`)
    assert.deepEqual(
      new Set(samples),
      new Set([
        'rejection: too far (null)',
        `resource: img (${blog.url('/missing.png')})`,
        `script: Uncaught TypeError: no … at /x… (${blog.url('/broken')})`,
      ]),
    )
    assert.ok(errors.samples.some(({ kind, line }) => kind === 'script' && line !== null && line > 0))
    assert.ok(longFrames.count >= 1 && longFrames.duration >= 120 && longFrames.blocking >= 60)
    const of = (type: string) => resources.find((each) => each.type === type)
    assert.equal(of('script')?.count, 2)
    assert.equal(of('image')?.count, 1)
    assert.ok((of('script')?.bytes ?? 0) > 1000 && (of('script')?.duration ?? 0) > 0)
  })

  test("clicks, keys, copies, and links to elsewhere and to files are counted; a script's clicks are not", async () => {
    const { page, collector } = reader
    await open('/links')
    await page.click('#out')
    await page.click('#file')
    await page.click('#file', { button: 'right' })
    await page.keyboard.press('a')
    await page.evaluate(() => {
      document.querySelector<HTMLElement>('#out')?.click()
      getSelection()?.selectAllChildren(document.body)
    })
    await page.keyboard.down('Control')
    await page.keyboard.press('c', { commands: ['Copy'] })
    await page.keyboard.up('Control')
    await hide()
    const { actions } = await collector.received('the view', () => true)
    assert.deepEqual(actions, { interactions: 5, copies: 1, outbound: 1, downloads: 1 })
  })

  test("the page's own events are counted in the view they happen in", async () => {
    const { page, collector } = reader
    await open('/post')
    await page.evaluate(() => {
      const { peerpressRum } = window as unknown as Window
      peerpressRum.event('sign-up')
      peerpressRum.event('basket', 19.5)
      peerpressRum.event('basket', 0.5)
      peerpressRum.event({} as never)
      history.pushState(null, '', '/thanks')
      peerpressRum.event('thanks')
    })
    await hide()
    const first = await collector.received('the first view', ({ url }) => url.endsWith('/post'))
    const second = await collector.received('the second view', ({ url }) => url.endsWith('/thanks'))
    assert.deepEqual(first.events, [
      { name: 'sign-up', count: 1, value: null },
      { name: 'basket', count: 2, value: 20 },
    ])
    assert.deepEqual(second.events, [{ name: 'thanks', count: 1, value: null }])
  })

  test('without a runtime, pictures are told as far as the browser tells: not those that another origin hides', async () => {
    const { page, blog, collector } = reader
    await page.goto(blog.url('/gallery'))
    await blog.requested('/has-loaded')
    await settle()
    const encodedBodySize = await page.evaluate(() => {
      const [timing] = performance.getEntriesByName(`${location.origin}/kept.svg`)
      return (timing as PerformanceResourceTiming).encodedBodySize
    })
    assert.ok(encodedBodySize > 8000)
    await page.goto(blog.url('/gallery?again'))
    const first = await collector.received('the first view', ({ url }) => url.endsWith('/gallery'))
    assert.deepEqual(first.delivery, {
      assets: { complete: 2, failed: 1 },
      bytes: { origin: 2 * encodedBodySize, cache: 0 },
    })
    await settle()
    await page.waitForFunction(() => performance.getEntriesByName(`${location.origin}/has-loaded`).length > 0)
    await settle()
    await hide()
    const { view } = first
    const second = await collector.received('the second view', (beacon) => beacon.view !== view)
    assert.deepEqual(second.delivery, {
      assets: { complete: 2, failed: 1 },
      bytes: { origin: encodedBodySize, cache: encodedBodySize },
    })
  })

  test('how long sounds play is told, and how long they stand still for want of data', async () => {
    const { page, collector } = reader
    await open('/player')
    await page.click('button')
    await heard('playing')
    await heard('waiting')
    await page.evaluate(() => fetch('/go-on'))
    await heard('pause')
    const told = await page.evaluate(() => (window as unknown as Player).told)
    await hide()
    const { playback } = await collector.received('the view', () => true)
    const began = told.find(({ moves }) => moves)!
    const stopped = told.findLast(({ type }) => type === 'waiting')!
    const resumed = told.find(({ timeStamp, moves }) => timeStamp > stopped.timeStamp && moves)!
    assert.ok(playback && stopped.timeStamp > began.timeStamp)
    assert.equal(playback.stalls, 1)
    near(playback.stalled, resumed.timeStamp - stopped.timeStamp)
    near(playback.played + playback.stalled, told.at(-1)!.timeStamp - began.timeStamp)
  })

  test('waiting for what the reader has jumped to is no standing still', async () => {
    const { page, collector } = reader
    await open('/player')
    await page.click('button')
    await heard('playing')
    await page.evaluate(() => {
      document.querySelector<HTMLAudioElement>('#player')!.currentTime = 2.5
    })
    await heard('waiting')
    await page.evaluate(() => fetch('/go-on'))
    await heard('pause')
    await hide()
    const { playback } = await collector.received('the view', () => true)
    assert.deepEqual([playback?.stalled, playback?.stalls], [0, 0])
  })

  test('what is taken out of the document plays no longer', async () => {
    const { page, collector } = reader
    await open('/player')
    await page.click('button')
    await page.waitForFunction(() => document.querySelector<HTMLAudioElement>('#player')!.currentTime > 0.5)
    const removed = await page.evaluate(() => {
      document.querySelector('#player')!.remove()
      return performance.now()
    })
    await page.waitForFunction((then) => performance.now() > then + 1000, {}, removed)
    const began = await page.evaluate(
      () => (window as unknown as Player).told.find(({ moves }) => moves)!.timeStamp,
    )
    await hide()
    const { playback } = await collector.received('the view', () => true)
    assert.ok(playback && playback.played > 0 && playback.played <= removed - began)
    assert.deepEqual([playback.stalled, playback.stalls], [0, 0])
  })

  test('parts of the load are told, and what has not taken place is null', async () => {
    const { collector } = reader
    await open('/post')
    await hide()
    const { timing, load } = await collector.received('the view', () => true)
    assert.ok(timing && load !== null)
    assert.deepEqual([timing.redirect, timing.tls], [null, null])
    assert.ok(timing.request !== null && timing.request > 0)
    assert.ok((timing.interactive ?? 0) <= (timing.contentLoaded ?? 0) && (timing.contentLoaded ?? 0) <= load)
  })
})
