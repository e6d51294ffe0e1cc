import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { maxBatchLength } from '@peerpress/wire'
import { beaconOf, requestOf } from './beacon.testing.ts'
import { OpenedCollector } from './opened-collector.testing.ts'
import type { BeaconRequest } from './beacon-context.ts'

const beacon = beaconOf(1)

describe('collector of lists', { timeout: 60_000 }, () => {
  const opened = new OpenedCollector()

  const listOf = (beacons: readonly unknown[], changes: Partial<BeaconRequest> = {}) =>
    requestOf(beacon, { body: Buffer.from(` ${JSON.stringify(beacons)}`), ...changes })

  test('a list of good beacons is accepted as a whole', async () => {
    const collector = await opened.open()
    const list = Array.from({ length: 50 }, (_, view) => beaconOf(view))
    assert.deepEqual(await collector.receive(listOf(list)), { accepted: true })
    assert.equal(collector.counts().accepted, 50)
    await collector.flush()
    assert.deepEqual(new Set(opened.inserted.map(({ view }) => view)), new Set(list.map(({ view }) => view)))
  })

  test('the good beacons of a list are accepted, and the bad ones are named', async () => {
    const collector = await opened.open()
    const list = [
      beaconOf(1),
      { ...beaconOf(2), age: -1 },
      beaconOf(3),
      7,
      beaconOf(4, { site: 'z'.repeat(16) }),
    ]
    const answer = await collector.receive(listOf(list))
    assert.ok(!answer.accepted && 'refused' in answer)
    assert.deepEqual([answer.status, answer.reason, answer.retryAfter], [400, 'invalid', undefined])
    assert.equal(answer.detail, '3 of 5 beacons were not accepted')
    assert.deepEqual(
      answer.refused.map(({ index, reason }) => [index, reason]),
      [
        [1, 'invalid'],
        [3, 'invalid'],
        [4, 'unknown-site'],
      ],
    )
    await collector.flush()
    assert.deepEqual(
      opened.inserted.map(({ view }) => view),
      [beaconOf(1).view, beaconOf(3).view],
    )
    const { accepted, invalid, 'unknown-site': unknown } = collector.counts()
    assert.deepEqual({ accepted, invalid, unknown }, { accepted: 2, invalid: 2, unknown: 1 })
  })

  test('a list with a beacon that may be accepted later is answered with a time to retry', async () => {
    const collector = await opened.open({ maxPerSite: 0.2 })
    const list = [{ ...beaconOf(1), age: -1 }, beaconOf(2), beaconOf(3), beaconOf(4)]
    const answer = await collector.receive(listOf(list))
    assert.ok(!answer.accepted && 'refused' in answer)
    assert.deepEqual([answer.status, answer.reason, answer.retryAfter], [429, 'site-busy', 10])
    assert.deepEqual(
      answer.refused.map(({ index, reason }) => [index, reason]),
      [
        [0, 'invalid'],
        [3, 'site-busy'],
      ],
    )
    await collector.flush()
    assert.equal(opened.inserted.length, 2)
  })

  test('a list counts for its network as its number of beacons', async () => {
    const collector = await opened.open({ maxPerNetwork: 0.4 })
    const list = Array.from({ length: 5 }, (_, view) => beaconOf(view))
    const answer = await collector.receive(listOf(list))
    assert.ok(!answer.accepted)
    assert.deepEqual([answer.status, answer.reason], [429, 'network-busy'])
    assert.deepEqual(await collector.receive(listOf(list.slice(1), { network: 'another' })), {
      accepted: true,
    })
  })

  test('an empty list, one with too many beacons and one with too many bytes are refused as a whole', async () => {
    const collector = await opened.open()
    const statusOf = async (request: BeaconRequest) => {
      const answer = await collector.receive(request)
      return answer.accepted ? 204 : answer.status
    }
    assert.equal(await statusOf(listOf([])), 400)
    assert.equal(await statusOf(listOf(Array.from({ length: 51 }, (_, view) => beaconOf(view)))), 400)
    const padded = (length: number) => Buffer.from(JSON.stringify([beacon]).padEnd(length))
    assert.equal(await statusOf(requestOf(beacon, { body: padded(maxBatchLength) })), 204)
    assert.equal(await statusOf(requestOf(beacon, { body: padded(maxBatchLength + 1) })), 413)
    assert.equal(collector.counts().accepted, 1)
  })
})
