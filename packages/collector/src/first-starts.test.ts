import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { beaconOf, requestOf } from './beacon.testing.ts'
import { FirstStarts } from './first-starts.ts'
import { OpenedCollector, receivedAt } from './opened-collector.testing.ts'

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

  test('is of one site, and forgotten when there are too many', () => {
    const starts = new FirstStarts(2)
    const other = 'z'.repeat(16)
    let sequence = 0
    const of = (view: number, startedAt: number, site = 'abcdefghijklmnop') =>
      starts.of(beaconOf(view, { site, sequence: ++sequence }), startedAt)
    assert.deepEqual([of(1, 1), of(1, 2, other), of(1, 3)], [1, 2, 1])
    of(2, 4)
    assert.equal(of(1, 5, other), 5, 'heard of longest ago')
  })
})
