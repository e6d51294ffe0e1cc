import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { StoreError } from '@peerpress/store'
import { encodeBeacon, maxBeaconLength } from '@peerpress/wire'
import { beaconOf, requestOf, siteId, storeWith } from './beacon.testing.ts'
import { OpenedCollector, receivedAt } from './opened-collector.testing.ts'
import type { BeaconRequest } from './beacon-context.ts'

const beacon = beaconOf(1)

describe('collector', { timeout: 60_000 }, () => {
  const opened = new OpenedCollector()

  const refused: Readonly<Record<string, [status: number, reason: string, BeaconRequest]>> = {
    'more than 64 KiB': [
      413,
      'too-large',
      requestOf(beacon, { body: Buffer.alloc(maxBeaconLength + 1, ' ') }),
    ],
    'nothing at all': [400, 'malformed', requestOf(beacon, { body: Buffer.alloc(0) })],
    'no JSON': [400, 'malformed', requestOf(beacon, { body: Buffer.from('{"version":1') })],
    'no UTF-8': [400, 'malformed', requestOf(beacon, { body: Buffer.from([0xff, 0xfe, 0x00, 0x80]) })],
    'JSON that is no beacon': [400, 'invalid', requestOf(beacon, { body: Buffer.from('[]') })],
    'a field too few': [
      400,
      'invalid',
      requestOf({ ...beacon, vitals: undefined } as unknown as typeof beacon),
    ],
    'another version': [400, 'invalid', requestOf({ ...beacon, version: 2 } as unknown as typeof beacon)],
    'a view longer than a week': [400, 'invalid', requestOf(beaconOf(1, { age: 7 * 86_400_000 + 1 }))],
    'a view that begins after its reception': [400, 'invalid', requestOf(beaconOf(1, { age: -1 }))],
    'an unknown site': [404, 'unknown-site', requestOf(beaconOf(1, { site: 'zzzzzzzzzzzzzzzz' }))],
    "another site's page": [403, 'wrong-origin', requestOf(beacon, { origin: 'https://evil.example' })],
    'a page without an origin': [403, 'wrong-origin', requestOf(beacon, { origin: null })],
    'a page in a sandbox': [403, 'wrong-origin', requestOf(beacon, { origin: 'null' })],
    "another site's address": [
      403,
      'wrong-origin',
      requestOf(beaconOf(1, { url: 'https://evil.example/post' })),
    ],
    'the same host on another port': [
      403,
      'wrong-origin',
      requestOf(beaconOf(1, { url: 'https://blog.example:8443/post' })),
    ],
  }

  for (const [what, [status, reason, request]] of Object.entries(refused)) {
    test(`${what} is dropped with ${status}, counted as ${reason}, and not stored`, async () => {
      const collector = await opened.open()
      const answer = await collector.receive(request)
      assert.ok(!answer.accepted)
      assert.deepEqual([answer.status, answer.reason], [status, reason])
      assert.notEqual(answer.detail, '')
      assert.equal(answer.retryAfter, undefined)
      const counted = Object.entries(collector.counts()).filter(([, count]) => count > 0)
      assert.deepEqual(counted, [[reason, 1]])
      await collector.flush()
      assert.deepEqual(opened.inserted, [])
    })
  }

  test('a beacon of exactly 64 KiB, and one from any of the site’s origins, is accepted', async () => {
    const collector = await opened.open()
    const text = encodeBeacon(beacon)
    const padded = Buffer.from(text.padEnd(maxBeaconLength))
    assert.deepEqual(await collector.receive(requestOf(beacon, { body: padded })), { accepted: true })
    const other = beaconOf(2, { url: 'https://www.blog.example/' })
    assert.deepEqual(await collector.receive(requestOf(other, { origin: 'https://www.blog.example' })), {
      accepted: true,
    })
    assert.equal(collector.counts().accepted, 2)
    await collector.flush()
    assert.deepEqual(
      opened.inserted.map(({ view, started_at }) => [view, started_at]),
      [
        [beacon.view, '2026-03-08 11:59:58.000'],
        [other.view, '2026-03-08 11:59:58.000'],
      ],
    )
  })

  test('stores the country of an address, and the address nowhere', async () => {
    const addresses = ['193.0.6.139', '133.11.0.1', '8.8.8.8', '10.1.2.3', '2001:67c:2e8::1', 'garbage']
    const collector = await opened.open({
      store: storeWith(() => Promise.reject(new StoreError('unavailable', 'down'))),
    })
    for (const [view, address] of addresses.entries())
      await collector.receive(requestOf(beaconOf(view), { address }))
    await collector.close()
    const entries = await readdir(opened.directory, { recursive: true, withFileTypes: true })
    const names = entries.map(({ name }) => name)
    assert.ok(names.some((name) => name.endsWith('.log')) && names.includes('2026-03-08'))
    for (const entry of entries) {
      const bytes = entry.isFile() ? await readFile(join(entry.parentPath, entry.name)) : Buffer.alloc(0)
      for (const address of addresses)
        assert.ok(!bytes.includes(address) && !entry.name.includes(address), `${address} in ${entry.name}`)
    }

    const reopened = await opened.open()
    await reopened.flush()
    assert.deepEqual(
      // A row has no fields for unknown values.
      opened.inserted.map(({ country }) => country ?? null),
      ['NL', 'JP', 'US', null, 'NL', null],
    )
  })

  test("a visitor's id depends on site, address, user agent and day", async () => {
    const collector = await opened.open()
    const take = async (view: number, changes: Partial<BeaconRequest> = {}, age = 2000) =>
      collector.receive(
        requestOf(beaconOf(view, { age, engagement: { engagedMs: 0, scrollDepth: 0 } }), changes),
      )
    await take(1)
    await take(2, {}, 11 * 3_600_000)
    await take(3, { address: '193.0.6.140' })
    await take(4, { userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0' })
    // Views that began yesterday and two days ago: visitors of the latter cannot be distinguished any more.
    await take(5, {}, 13 * 3_600_000)
    await take(6, {}, 37 * 3_600_000)
    await collector.close()
    const next = await opened.open()
    await next.receive(requestOf(beaconOf(7)))
    await next.flush()
    const [first, ...others] = opened.inserted.map(({ visitor }) => visitor)
    assert.match(first ?? '', /^\d{1,20}$/)
    assert.deepEqual([others[0], others[5]], [first, first])
    assert.equal(others[4], undefined)
    assert.equal(new Set([first, ...others.slice(1, 4)]).size, 4)
  })

  test('after its salt has expired, an id cannot be computed again from address and user agent', async () => {
    let now = receivedAt
    const collector = await opened.open({ now: () => now })
    await collector.receive(requestOf(beacon))
    await collector.flush()
    const id = opened.inserted[0]?.visitor
    const salt = await readFile(join(opened.directory, 'salts', '2026-03-08'))
    const made = createHmac('sha256', salt).update(`${siteId}\n193.0.6.139\n${requestOf(beacon).userAgent}`)
    assert.equal(made.digest().readBigUInt64BE().toString(), id)
    await collector.close()
    now += 2 * 86_400_000
    await opened.open({ now: () => now })
    const files = await readdir(opened.directory, { recursive: true, withFileTypes: true })
    for (const entry of files.filter((each) => each.isFile()))
      assert.ok(!(await readFile(join(entry.parentPath, entry.name))).includes(salt), entry.name)
    assert.deepEqual(await readdir(join(opened.directory, 'salts')), [])
  })

  test("an unusual view of a reader is not a bot's", async () => {
    const collector = await opened.open()
    const none = { engagedMs: 0, scrollDepth: 0 }
    const odd = [
      // The reader left before looking at it.
      beaconOf(1, { engagement: none }),
      // An image of another origin was loaded before it was painted.
      beaconOf(2, { engagement: none, vitals: { lcp: 300, inp: null, cls: 0, fcp: 400, ttfb: 120 } }),
      // The page was restored from the browser's memory.
      beaconOf(3, {
        engagement: none,
        load: null,
        vitals: { lcp: 3, inp: null, cls: 0, fcp: 3, ttfb: 0 },
      }),
      // The readings of two clocks are rounded.
      beaconOf(4, { age: 2000, engagement: { engagedMs: 2100, scrollDepth: 1 } }),
      // The reader interacted with it.
      beaconOf(5, {
        engagement: none,
        actions: { interactions: 1, copies: 0, outbound: 0, downloads: 0 },
        vitals: { lcp: 900, inp: null, cls: 0, fcp: 100, ttfb: 120 },
      }),
      beaconOf(6, { automated: false }),
    ]
    for (const view of odd) assert.deepEqual(await collector.receive(requestOf(view)), { accepted: true })
    await collector.flush()
    assert.deepEqual([opened.inserted.length, opened.bots.length], [odd.length, 0])
  })
})
