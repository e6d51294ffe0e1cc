import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { beaconOf, requestOf, siteId } from './beacon.testing.ts'
import { OpenedCollector, receivedAt } from './opened-collector.testing.ts'

const beacon = beaconOf(1)

describe('collector’s figures', { timeout: 60_000 }, () => {
  const opened = new OpenedCollector()

  test('drops are stored by site and hour, only for registered sites', async () => {
    let now = receivedAt
    const collector = await opened.open({ now: () => now })
    const bad = { ...beacon, age: -1 }
    await collector.receive(requestOf(bad))
    await collector.receive(requestOf({ ...bad, site: 'zzzzzzzzzzzzzzzz' }))
    await collector.receive(requestOf(beacon, { origin: 'https://evil.example' }))
    await collector.receive(requestOf(beacon, { body: Buffer.from('{') }))
    await collector.flush()
    await collector.receive(requestOf(bad))
    now += 3_600_000
    await collector.receive(requestOf(bad))
    await collector.flush()
    await collector.flush()
    const run = opened.drops[0]?.run
    const row = (hour: string, reason: string, beacons: number) => ({
      site: siteId,
      hour,
      reason,
      run,
      beacons,
    })
    assert.deepEqual(opened.drops, [
      row('2026-03-08 12:00:00', 'invalid', 1),
      row('2026-03-08 12:00:00', 'wrong-origin', 1),
      row('2026-03-08 12:00:00', 'invalid', 2),
      row('2026-03-08 13:00:00', 'invalid', 1),
    ])
  })

  test('every step counts its runs, its time and its drops', async () => {
    const collector = await opened.open()
    await collector.receive(requestOf(beacon))
    await collector.receive(requestOf(beacon, { body: Buffer.from('{') }))
    await collector.receive(requestOf(beacon, { origin: null }))
    const steps = collector.steps()
    assert.deepEqual(
      steps.map(({ name, runs }) => `${name} ${runs}`),
      [
        'body 0',
        'network-rate 3',
        'room 3',
        'size 3',
        'parse 3',
        'schema 2',
        'site 2',
        'origin 2',
        'site-rate 1',
        'clock 1',
        'place 1',
        'agent 1',
        'bot 1',
        'referrer 1',
        'visitor 1',
        'log 1',
      ],
    )
    const dropping = steps.filter(({ drops: dropped }) => Object.keys(dropped).length > 0)
    assert.deepEqual(
      dropping.map(({ name, drops: dropped }) => [name, dropped]),
      [
        ['parse', { malformed: 1 }],
        ['origin', { 'wrong-origin': 1 }],
      ],
    )
    assert.ok(steps.every(({ seconds }) => seconds >= 0 && seconds < 60))
  })

  test('fields of a later release are counted, and the rest of the beacon is accepted', async () => {
    const collector = await opened.open()
    const later = {
      ...beaconOf(1),
      since09: { a: [1] },
      email: 'a@b.example',
      vitals: { ...beaconOf(1).vitals, fid: 3 },
    }
    assert.deepEqual(await collector.receive(requestOf(later)), { accepted: true })
    const list = Buffer.from(JSON.stringify([beaconOf(2), { ...beaconOf(3), since09: null }]))
    await collector.receive(requestOf(beaconOf(2), { body: list }))
    const { 'unknown-field': unknown, accepted, invalid } = collector.counts()
    assert.deepEqual({ unknown, accepted, invalid }, { unknown: 4, accepted: 3, invalid: 0 })
    await collector.flush()
    assert.equal(opened.inserted.length, 3)
    assert.doesNotMatch(JSON.stringify(opened.inserted), /since09|fid|a@b/)
  })

  test('a wrong clock is counted and changes nothing', async () => {
    const collector = await opened.open()
    const idAt = (ms: number) => {
      const hex = ms.toString(16).padStart(12, '0')
      return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000001`
    }
    for (const off of [0, 299_000, -299_000, 301_000, -301_000, 1e9])
      await collector.receive(requestOf(beaconOf(1, { view: idAt(receivedAt - 2000 + off) })))
    await collector.receive(requestOf(beacon))
    assert.deepEqual([collector.counts()['clock-skewed'], collector.counts().accepted], [3, 7])
    await collector.flush()
    assert.deepEqual(
      new Set(opened.inserted.map((row) => row.started_at)),
      new Set(['2026-03-08 11:59:58.000']),
    )
  })

  test('the start of a view is its reception less its age, to the ms and up to a week', async () => {
    const collector = await opened.open()
    for (const age of [0, 0.4, 7 * 86_400_000])
      await collector.receive(requestOf(beaconOf(1, { age, engagement: { engagedMs: 0, scrollDepth: 0 } })))
    await collector.flush()
    assert.deepEqual(
      opened.inserted.map((row) => row.started_at),
      ['2026-03-08 12:00:00.000', '2026-03-08 11:59:59.999', '2026-03-01 12:00:00.000'],
    )
  })

  test('a beacon that names a site it does not come from does not count for that site’s budget', async () => {
    const collector = await opened.open({ maxPerSite: 0.1 })
    for (let i = 0; i < 20; i++) {
      const foreign = await collector.receive(requestOf(beacon, { origin: 'https://evil.example' }))
      assert.equal(foreign.accepted || foreign.reason, 'wrong-origin')
    }
    assert.deepEqual(await collector.receive(requestOf(beacon)), { accepted: true })
  })

  test('answers 429 if a network, or a site, sends too many beacons, and counts them', async () => {
    const collector = await opened.open({ maxPerNetwork: 0.2, maxPerSite: 0.3 })
    const outcomes = []
    for (const network of ['a', 'a', 'a', 'b', 'b'])
      outcomes.push(await collector.receive(requestOf(beaconOf(outcomes.length + 1), { network })))
    const statuses = outcomes.map((outcome) => (outcome.accepted ? 204 : outcome.status))
    assert.deepEqual(statuses, [204, 204, 429, 204, 429])
    const { accepted, 'network-busy': ofNetwork, 'site-busy': ofSite } = collector.counts()
    assert.deepEqual({ accepted, ofNetwork, ofSite }, { accepted: 3, ofNetwork: 1, ofSite: 1 })
    assert.ok(outcomes.every((outcome) => outcome.accepted || outcome.retryAfter === 10))
  })
})
