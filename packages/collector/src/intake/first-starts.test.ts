import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { beaconOf, requestOf } from '../beacon.testing.ts'
import { FirstStarts } from './first-starts.ts'
import { OpenedCollector, receivedAt } from '../opened-collector.testing.ts'

const hour = 3_600_000

describe('start of a view', { timeout: 60_000 }, () => {
  const opened = new OpenedCollector()

  test('is that of its first snapshot, and so is its visitor, when the device slept over midnight', async () => {
    let now = receivedAt
    const collector = await opened.open({ now: () => now })
    await collector.receive(requestOf(beaconOf(1, { age: 2000 })))
    now += 13 * hour
    // Awake for one more second: all that the document's clock has counted.
    await collector.receive(requestOf(beaconOf(1, { sequence: 2, age: 3000 })))
    // The first one, replayed, changes nothing for those that follow.
    await collector.receive(requestOf(beaconOf(1, { age: 2000 })))
    await collector.receive(requestOf(beaconOf(1, { sequence: 3, age: 4000 })))
    await collector.flush()
    const [first, ...all] = opened.inserted
    const later = all.filter(({ sequence }) => sequence > 1)
    assert.ok(first?.visitor)
    assert.equal(later.length, 2)
    for (const { started_at, visitor } of later) {
      assert.deepEqual([started_at, visitor], [first.started_at, first.visitor])
    }
  })

  test('is that of the earliest snapshot received so far, whatever its number', () => {
    const starts = new FirstStarts()
    const of = (sequence: number, startedAt: number) => starts.of(beaconOf(1, { sequence }), startedAt)
    assert.equal(of(3, 7000), 7000, 'the first two were lost')
    assert.equal(of(4, 9000), 7000)
    assert.equal(of(2, 1000), 1000, 'one came late')
    assert.equal(of(5, 9000), 1000)
    assert.equal(of(2, 8000), 8000, 'a copy, of which the store counts the first received')
    assert.equal(of(6, 9000), 1000)
  })

  test('is of one site, and forgotten when another view takes its place', () => {
    const starts = new FirstStarts(1)
    const other = 'z'.repeat(16)
    let sequence = 0
    const of = (view: number, startedAt: number, site = 'abcdefghijklmnop') =>
      starts.of(beaconOf(view, { site, sequence: ++sequence }), startedAt)
    assert.deepEqual([of(1, 1), of(1, 2), of(1, 3, other), of(1, 4, other)], [1, 1, 3, 3])
    assert.equal(of(1, 5), 5, 'its place was taken')
    assert.deepEqual([of(2, 6), of(2, 7), of(1, 8)], [6, 6, 8])
  })

  test('is remembered of many views at once', () => {
    const starts = new FirstStarts()
    const views = Array.from({ length: 5000 }, (_, view) => view)
    for (const view of views) starts.of(beaconOf(view), view)
    const kept = views.filter((view) => starts.of(beaconOf(view, { sequence: 2 }), -1) === view)
    // 5,000 views in 65,536 places: each is overwritten by a later one with a chance below 1 in 13.
    assert.ok(kept.length > 4500, `${kept.length} of ${views.length}`)
  })
})
