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
    // The device was awake for one more second, which is all that the document's clock has counted.
    await collector.receive(requestOf(beaconOf(1, { sequence: 2, age: 3000 })))
    // A replay of the first one changes nothing for later ones.
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
    assert.equal(of(2, 1000), 1000, 'one arrived late')
    assert.equal(of(5, 9000), 1000)
    assert.equal(of(2, 8000), 8000, 'a copy: the store counts the one received first')
    assert.equal(of(6, 9000), 1000)
  })

  test('belongs to one site, and is forgotten when another view takes its slot', () => {
    const starts = new FirstStarts(1)
    const other = 'z'.repeat(16)
    let sequence = 0
    const of = (view: number, startedAt: number, site = 'abcdefghijklmnop') =>
      starts.of(beaconOf(view, { site, sequence: ++sequence }), startedAt)
    assert.deepEqual([of(1, 1), of(1, 2), of(1, 3, other), of(1, 4, other)], [1, 1, 3, 3])
    assert.equal(of(1, 5), 5, 'its slot was overwritten')
    assert.deepEqual([of(2, 6), of(2, 7), of(1, 8)], [6, 6, 8])
  })

  test('is remembered for many views at once', () => {
    const starts = new FirstStarts()
    const views = Array.from({ length: 5000 }, (_, view) => view)
    for (const view of views) starts.of(beaconOf(view), view)
    const remembered = views.filter((view) => starts.of(beaconOf(view, { sequence: 2 }), -1) === view)
    // 5,000 views in 65,536 slots: the probability that a later view overwrites one is below 1 in 13.
    assert.ok(remembered.length > 4500, `${remembered.length} of ${views.length}`)
  })
})
