import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { beaconOf, requestOf, storeWith } from './beacon.testing.ts'
import { OpenedCollector } from './opened-collector.testing.ts'

describe('a paused collector', { timeout: 60_000 }, () => {
  const opened = new OpenedCollector()

  test('receives beacons, and inserts none into the store until the pause is over', async () => {
    let inserts = 0
    const collector = await opened.open({
      maxSegmentAge: 1,
      store: storeWith(async () => {
        inserts++
      }),
    })
    assert.ok((await collector.receive(requestOf(beaconOf(1)))).accepted)
    await collector.flush()
    const before = inserts
    let flushed: Promise<void> | undefined
    await collector.whilePaused(async () => {
      assert.ok((await collector.receive(requestOf(beaconOf(2)))).accepted)
      flushed = collector.flush()
      // Until the drain has the segment, which it would insert within a few turns.
      for (let turns = 0; turns < 200; turns += collector.backlog() > 0 ? 1 : 0) {
        await new Promise((resolve) => setImmediate(resolve))
      }
      assert.equal(inserts, before)
    })
    await flushed
    assert.ok(inserts > before)
  })
})
