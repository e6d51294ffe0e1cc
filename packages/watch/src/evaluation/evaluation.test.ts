import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { openRegistry, type ProbeKind, type Registry } from '@peerpress/registry'
import { openStore, type Store } from '@peerpress/store'
import { failingViews } from '../failing-views.testing.ts'
import { createEvaluation, type Evaluation } from './evaluation.ts'

const minute = 60_000
const hour = 60 * minute

suite('the evaluation of sites', { timeout: 240_000 }, () => {
  let directory: string
  let registry: Registry
  let store: Store
  let evaluation: Evaluation
  /** Views are stored for 400 days, so the clock is near today's. */
  let now = Math.floor(Date.now() / hour) * hour
  let steady = 0
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'peerpress-watch-'))
    registry = await openRegistry({ directory: join(directory, 'registry'), now: () => now })
    store = await openStore({ directory: join(directory, 'store') })
    evaluation = createEvaluation({ registry, store, now: () => now, steady: () => steady })
  })
  after(async () => {
    await store.close()
    await registry.close()
    await rm(directory, { recursive: true, force: true })
  })

  const advance = (ms: number) => {
    now += ms
    steady += ms
  }
  const run = () => evaluation.run(new AbortController().signal)
  const addSite = async (name: string) => {
    const input = { url: `https://${name}.test`, consent: 'assumed', allowPrivateAddresses: false } as const
    return (await registry.sites.add(input)).site.id
  }
  const probe = async (site: string, ok: boolean, kind: ProbeKind = 'http') => {
    await evaluation.record({
      site,
      kind,
      url: 'https://blog.test/',
      at: new Date(now),
      ok,
      failure: ok ? null : { code: 'refused', message: 'the connection was refused.' },
      durationMs: 5,
      timings: {},
    })
  }
  const probes = async (site: string, text: string) => {
    for (const each of text) {
      await probe(site, each === '.')
      advance(minute)
    }
  }
  const views = (site: string, options: { readonly count: number; readonly failed: number }) =>
    store.insertViews(
      failingViews(site, { ...options, before: now, within: 4 * minute }),
      crypto.randomUUID(),
    )
  const incidentsOf = async (site: string) =>
    (await registry.incidents.page(site, { fromEnd: false, limit: 100 })).map(({ item }) => item)
  const openOf = async (site: string) => (await registry.incidents.open(site)).map(({ symptom }) => symptom)

  test('a dead origin opens one incident with the third failed probe, and two successes end it', async () => {
    const site = await addSite('dead')
    await probes(site, '..xx')
    assert.deepEqual(await openOf(site), [])
    await probes(site, 'x')
    const [incident] = await registry.incidents.open(site)
    assert.deepEqual([incident?.symptom, incident?.severity], ['origin-down', 'page'])
    assert.match(incident?.summary ?? '', /3 probes in a row failed.*the connection was refused/)
    await probes(site, 'xxx')
    await run()
    assert.deepEqual(await openOf(site), ['origin-down'])
    await probes(site, '.')
    assert.deepEqual(await openOf(site), ['origin-down'])
    await probes(site, '.')
    assert.deepEqual(await openOf(site), [])
    const all = await incidentsOf(site)
    assert.equal(all.length, 1)
    const entries = await registry.incidents.entries(all[0]?.id ?? '')
    assert.deepEqual(
      entries.map(({ type }) => type),
      ['opened', 'resolved'],
    )
    // The outage's probes are that incident's: no budget burns because of them.
    await run()
    assert.deepEqual(await openOf(site), [])
  })

  test('views whose pictures all fail open an incident, and their end ends it', async () => {
    const site = await addSite('pictures')
    await views(site, { count: 10, failed: 10 })
    await run()
    const [incident] = await registry.incidents.open(site)
    assert.deepEqual([incident?.symptom, incident?.severity], ['availability', 'page'])
    assert.match(incident?.summary ?? '', /^10 of 10 views of the last hour had a failed load/)
    advance(10 * minute)
    await views(site, { count: 50, failed: 0 })
    await run()
    assert.deepEqual(await openOf(site), ['availability'], 'ten good minutes are no end')
    advance(31 * minute)
    await run()
    assert.deepEqual(await openOf(site), ['availability'], 'minutes without a view are no end')
    await views(site, { count: 5, failed: 0 })
    await run()
    assert.deepEqual(await openOf(site), [])
    await run()
    assert.deepEqual(await openOf(site), [], 'the failures of the hours before open nothing again')
  })

  test('a dead origin inhibits what it causes', async () => {
    const site = await addSite('consequences')
    await views(site, { count: 10, failed: 10 })
    await run()
    assert.deepEqual(await openOf(site), ['availability'])
    await probes(site, 'xxx')
    await views(site, { count: 10, failed: 10 })
    await run()
    assert.deepEqual(await openOf(site), ['origin-down'])
    const availability = (await incidentsOf(site)).find(({ symptom }) => symptom === 'availability')
    const entries = await registry.incidents.entries(availability?.id ?? '')
    assert.match(entries.at(-1)?.text ?? '', /The site does not answer, which explains it/)
  })

  test('slow views only warn, because the default objective allows a quarter of them', async () => {
    const site = await addSite('slow')
    await views(site, { count: 100, failed: 0 })
    await store.insertViews(
      failingViews(site, { count: 300, failed: 0, lcp: 6000, before: now, within: 4 * minute }),
      'slow views',
    )
    await run()
    const [incident] = await registry.incidents.open(site)
    assert.deepEqual([incident?.symptom, incident?.severity], ['lcp', 'warning'])
  })

  test('a warning that gets worse becomes a page of the same incident', async () => {
    const site = await addSite('worse')
    await registry.incidents.apply(site, [
      {
        type: 'open',
        symptom: 'availability',
        severity: 'warning',
        summary: 'Some fail.',
        since: new Date(now),
      },
    ])
    await views(site, { count: 10, failed: 10 })
    await run()
    await run()
    const [incident] = await registry.incidents.open(site)
    assert.equal(incident?.severity, 'page')
    const entries = await registry.incidents.entries(incident.id)
    assert.deepEqual(
      entries.map(({ type }) => type),
      ['opened', 'updated'],
    )
  })

  test('a probe that falls silent after a success is an incident, and its next outcome ends it', async () => {
    const site = await addSite('silent')
    const never = await addSite('never-answered')
    await probe(site, true)
    await probe(never, false)
    await run()
    advance(5 * minute + 1)
    await run()
    assert.deepEqual(await openOf(site), ['probe-silent'])
    assert.deepEqual(await openOf(never), [], 'it was never well')
    // Another server, or this one after a restart, knows nothing of the time before.
    evaluation = createEvaluation({ registry, store, now: () => now, steady: () => steady })
    await run()
    assert.deepEqual(await openOf(site), ['probe-silent'])
    await probe(site, true)
    assert.deepEqual(await openOf(site), [])
  })

  test('a clock that jumps an hour ahead or back opens nothing', async () => {
    const site = await addSite('clock')
    await probes(site, '..')
    await views(site, { count: 20, failed: 0 })
    await run()
    now += hour
    await run()
    assert.deepEqual(await openOf(site), [])
    now -= 2 * hour
    await run()
    assert.deepEqual(await openOf(site), [])
    // An incident that was seen later than now is not older than the whole lost time.
    await probes(site, 'xxx')
    assert.deepEqual(await openOf(site), ['origin-down'])
    now += hour
  })

  test('a broken page in a browser warns', async () => {
    const site = await addSite('browser')
    for (let count = 0; count < 3; count++) {
      await probe(site, false, 'browser')
      advance(minute)
    }
    const [incident] = await registry.incidents.open(site)
    assert.deepEqual([incident?.symptom, incident?.severity], ['page-broken', 'warning'])
  })

  test('the views of all sites are read by a few queries, and each site is judged by its own', async () => {
    const burning = await addSite('one-of-many')
    for (let i = 0; i < 12; i++) await addSite(`one-of-many-${i}`)
    await views(burning, { count: 60, failed: 60 })
    let queries = 0
    const counted = createEvaluation({
      registry,
      store: {
        seriesOfSites: (...args) => {
          queries++
          return store.seriesOfSites(...args)
        },
      },
      now: () => now,
      steady: () => steady,
    })
    await counted.run(new AbortController().signal)
    assert.equal(queries, 2)
    assert.deepEqual(await openOf(burning), ['availability'])
    const { id } =
      (await registry.sites.list()).find(({ url }) => url.includes('one-of-many-3')) ?? assert.fail()
    assert.deepEqual(await openOf(id), [])
  })

  test('the incidents of a site end when it disconnects', async () => {
    const site = await addSite('disconnected')
    await probes(site, 'xxx')
    await registry.sites.disconnect(site)
    await run()
    assert.deepEqual(await openOf(site), [])
  })

  test('while the store does not answer, sites are judged by their probes, and the run fails', async () => {
    const site = await addSite('no-store')
    const seriesOfSites = () => Promise.reject(new Error('the engine is away'))
    const without = createEvaluation({
      registry,
      store: { seriesOfSites },
      now: () => now,
      steady: () => steady,
    })
    await registry.probeOutcomes.record({
      site,
      kind: 'http',
      url: '',
      at: new Date(now),
      ok: false,
      failure: null,
      durationMs: 1,
      timings: {},
    })
    advance(minute)
    await probes(site, 'xx')
    await assert.rejects(without.run(new AbortController().signal), /the engine is away/)
    assert.deepEqual(await openOf(site), ['origin-down'])
  })
})
