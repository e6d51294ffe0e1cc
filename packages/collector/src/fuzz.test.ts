// To send a million bodies: PEERPRESS_FUZZ_BODIES=1000000 node --test packages/collector/src/fuzz.test.ts
// To repeat a run: PEERPRESS_FUZZ_SEED with the seed that it printed.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { decodeViewRow } from '@peerpress/store'
import { requestOf, beaconOf, siteId, siteOrigin, storeWith, limits } from './beacon.testing.ts'
import { openCollector } from './collector.ts'
import { dropReasons } from './drop-reason.ts'
import { hostileBody } from './hostile-bodies.testing.ts'
import type { BeaconRequest } from './beacon-context.ts'
import { type Random, randomBy } from './random.testing.ts'
import { wrongInBot, wrongInView } from './row-check.testing.ts'

const bodies = Number(process.env['PEERPRESS_FUZZ_BODIES'] ?? 20_000)
const seed = Number(process.env['PEERPRESS_FUZZ_SEED'] ?? 20_260_308)
/** Bodies in flight. */
const atOnce = 250

test(`${bodies} random and mutated bodies are all answered, and no invalid row is stored`, async (t) => {
  t.diagnostic(`seed ${seed}`)
  const random = randomBy(seed)
  const directory = await mkdtemp(join(tmpdir(), 'fuzz-'))
  const stored = { views: 0, bots: 0, drops: 0 }
  const wrong: string[] = []
  const collector = await openCollector({
    ...limits,
    directory,
    site: async (id) => (id === siteId ? { origins: [siteOrigin] } : null),
    maxPerNetwork: Infinity,
    maxPerSite: Infinity,
    store: storeWith(async (rows, table) => {
      for (const line of rows.toString().trimEnd().split('\n')) {
        stored[table]++
        const fault = table === 'views' ? wrongInView(line) : table === 'bots' ? wrongInBot(line) : null
        if (fault !== null) wrong.push(fault)
      }
    }),
  })
  try {
    let accepted = 0
    for (let sent = 0; sent < bodies; sent += atOnce) {
      const requests = Array.from({ length: Math.min(atOnce, bodies - sent) }, () => hostileRequest(random))
      const outcomes = await Promise.all(requests.map((request) => collector.receive(request)))
      for (const outcome of outcomes) {
        if (outcome.accepted) accepted++
        else {
          assert.ok(dropReasons.includes(outcome.reason) && outcome.status >= 400, JSON.stringify(outcome))
          assert.ok(outcome.detail.length < 400, 'a detail as long as the body')
        }
      }
      assert.deepEqual(wrong, [])
    }
    await collector.flush()
    assert.deepEqual(wrong, [])
    const counts = collector.counts()
    t.diagnostic(JSON.stringify({ bodiesAccepted: accepted, ...counts }))
    assert.deepEqual([stored.views, stored.bots], [counts.accepted, counts.bot])
    assert.deepEqual([counts['segment-damaged'], counts['segment-refused'], counts.unavailable], [0, 0, 0])
    // Otherwise the test would prove little.
    assert.ok(accepted > bodies / 10 && accepted < (bodies * 9) / 10)
  } finally {
    await collector.close()
    await rm(directory, { recursive: true })
  }
})

test('the check of rows finds invalid values', async () => {
  const lines: string[] = []
  const directory = await mkdtemp(join(tmpdir(), 'fuzz-'))
  const collector = await openCollector({
    ...limits,
    directory,
    site: async () => ({ origins: [siteOrigin] }),
    store: storeWith(async (rows) => {
      lines.push(rows.toString())
    }),
  })
  await collector.receive(requestOf(beaconOf(1)))
  await collector.flush()
  await collector.close()
  await rm(directory, { recursive: true })
  const row = decodeViewRow(lines[0] ?? '')
  assert.equal(wrongInView(lines[0] ?? ''), null)
  assert.equal(wrongInView(JSON.stringify(row)), null)
  const faults: object[] = [
    { lcp: -1 },
    { lcp: '1200' },
    { bytes_peer: 0.5 },
    { bytes_peer: 2 ** 41 },
    { url: 'https://blog.example/?q' },
    { post: '' },
    { lcp_target: 'a\u0000' },
    { campaign_name: 'a@b' },
    { events: [{ name: 'a', count: 0, value: null }] },
    { resources: [{ type: 'image', count: 1 }] },
    { sequence: 0 },
    { site: undefined },
    { unknown: 1 },
  ]
  for (const fault of faults)
    assert.notEqual(wrongInView(JSON.stringify({ ...row, ...fault })), null, JSON.stringify(fault))
  // 1e999 is what JSON reads as Infinity.
  assert.notEqual(wrongInView(JSON.stringify(row).replace('"lcp":1200', '"lcp":1e999')), null)
})

const agents = [
  '',
  'curl/8',
  'x'.repeat(20_000),
  '\u0000',
  '(((((((((((',
  'Mozilla/5.0 (compatible; Googlebot/2.1)',
]
const addresses = ['', 'garbage', '::', 'fe80::1%eth0', '::ffff:8.8.8.8', '999.1.1.1', '2001:67c:2e8::1']
const origins = [null, 'null', '', 'https://evil.example', `${siteOrigin}/`, siteOrigin.toUpperCase()]

function hostileRequest(random: Random): BeaconRequest {
  return {
    ...requestOf(beaconOf(1)),
    body: hostileBody(random),
    ...(random.chance(0.1) && { userAgent: random.pick(agents) }),
    ...(random.chance(0.1) && { address: random.pick(addresses) }),
    ...(random.chance(0.05) && { origin: random.pick(origins) }),
  }
}
