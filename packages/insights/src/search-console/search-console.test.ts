import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, describe, test } from 'node:test'
import { openRegistry, type Registry } from '@peerpress/registry'
import { openStore, type Store } from '@peerpress/store'
import { errorOf, googleRow, type GoogleServer, startGoogle } from './google.testing.ts'
import { createSearchConsole, type SearchConsole, type SearchConsoleOptions } from './search-console.ts'

const property = 'sc-domain:garden.example'
const input = { consent: 'assumed', allowPrivateAddresses: false } as const
/** 11:00 in California on 10 March 2026, two days after the clocks changed. */
const start = Date.UTC(2026, 2, 10, 18)
const dayMs = 86_400_000

describe('figures of Search Console', { timeout: 300_000 }, () => {
  let directory: string
  let registry: Registry
  let store: Store
  let google: GoogleServer
  let now = start
  let sites = 0
  const imported: string[] = []

  const open = async () => {
    registry = await openRegistry({ directory: join(directory, 'registry'), now: () => now })
    store = await openStore({ directory: join(directory, 'store') })
  }
  const close = async () => {
    await store.close()
    await registry.close()
  }
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'peerpress-search-console-'))
    google = await startGoogle()
    await open()
  })
  after(async () => {
    await close()
    await google.close()
    await rm(directory, { recursive: true, force: true })
  })
  afterEach(() => {
    now = start
    google.intercept = () => false
    google.rows = () => []
    google.firstIncomplete = null
    google.queries.length = 0
    google.properties.clear()
    imported.length = 0
  })

  const consoleWith = (given: Partial<SearchConsoleOptions> = {}): SearchConsole =>
    createSearchConsole({
      registry,
      store,
      client: google.client,
      publicUrl: () => 'https://peerpress.example',
      onImported: async (site) => {
        imported.push(site)
      },
      endpoints: google.endpoints,
      now: () => now,
      ...given,
    })
  const newSite = async () =>
    (await registry.sites.add({ ...input, url: `https://garden.example/${++sites}/` })).site.id
  const connected = async (given: Partial<SearchConsoleOptions> = {}) => {
    google.properties.set(property, 'siteFullUser')
    const searchConsole = consoleWith(given)
    const site = await newSite()
    await searchConsole.connectByKey(site, google.keyFile)
    return { searchConsole, site }
  }
  const run = (searchConsole: SearchConsole, site: string) =>
    searchConsole.importSite(site, new AbortController().signal)
  const sumsOf = async (site: string, firstDay = '2024-01-01') =>
    new Map(
      (await store.searchSums({ site, firstDay, lastDay: '2026-12-31' })).map(({ kind, ...sum }) => [
        kind,
        sum,
      ]),
    )
  /** Figures of the last five days that Google knows, the same each day. */
  const lastDays = (firstDay = '2026-03-04') => {
    google.rows = (day, dimension) => {
      if (day < firstDay || day > '2026-03-08') return []
      if (dimension === 'date') return [googleRow('', 10, 100, 4)]
      if (dimension === 'query') return [googleRow('tea', 4, 40, 2), googleRow('pots', 1, 30, 6)]
      if (dimension === 'country')
        return [googleRow('fra', 6, 60), googleRow('zzz', 1, 1), googleRow('xyz', 1, 1)]
      return dimension === 'device'
        ? [googleRow('MOBILE', 9, 90)]
        : [googleRow('https://garden.example/a', 8, 80)]
    }
  }

  test('a person consents by code with PKCE, the only property is chosen, and the credential never shown', async () => {
    google.properties.set(property, 'siteOwner').set('https://other.example/', 'siteOwner')
    google.properties.set('https://garden.example/', 'siteUnverifiedUser')
    const searchConsole = consoleWith()
    const site = await newSite()
    const url = await searchConsole.begin(site, 'account-1')
    const asked = new URL(url).searchParams
    assert.equal(asked.get('redirect_uri'), 'https://peerpress.example/search-console')
    assert.equal(asked.get('scope'), 'https://www.googleapis.com/auth/webmasters.readonly')
    assert.equal(asked.get('access_type'), 'offline')
    const back = google.consent(url).searchParams
    const consent = { code: back.get('code') ?? '', state: back.get('state') ?? '' }
    const by = { holder: 'account-1', may: () => true }
    const connection = await searchConsole.complete(consent, by)
    assert.deepEqual([connection.kind, connection.property, connection.problem], ['oauth', property, null])
    assert.ok(!JSON.stringify(connection).includes('refresh-'))
    await assert.rejects(searchConsole.complete(consent, by), { code: 'bad-consent' })
  })

  test('a consent of somebody else, for another site, too old or without the permission is refused', async () => {
    google.properties.set(property, 'siteOwner')
    const searchConsole = consoleWith()
    const site = await newSite()
    const consentOf = async (scope?: string) => {
      const back = google.consent(
        await searchConsole.begin(site, 'account-1'),
        scope === undefined ? {} : { scope },
      )
      return { code: back.searchParams.get('code') ?? '', state: back.searchParams.get('state') ?? '' }
    }
    const mine = { holder: 'account-1', may: () => true }
    const refused = (promise: Promise<unknown>) => assert.rejects(promise, { code: 'bad-consent' })
    await refused(searchConsole.complete(await consentOf(), { ...mine, holder: 'account-2' }))
    await refused(searchConsole.complete(await consentOf(), { ...mine, may: () => false }))
    await refused(searchConsole.complete({ ...(await consentOf()), state: 'forged' }, mine))
    await refused(searchConsole.complete({ ...(await consentOf()), code: 'forged' }, mine))
    await refused(searchConsole.complete(await consentOf('openid'), mine))
    const old = await consentOf()
    now += 16 * 60_000
    await refused(searchConsole.complete(old, mine))
    assert.equal(await searchConsole.connection(site), null)
    await assert.rejects(consoleWith({ client: null }).begin(site, 'account-1'), { code: 'no-client' })
  })

  test('16 months are imported day by day in Pacific time, and days that may change are read again', async () => {
    lastDays()
    google.firstIncomplete = '2026-03-08'
    const { searchConsole, site } = await connected()
    await run(searchConsole, site)
    const [dates] = google.queries
    assert.deepEqual(
      [dates?.startDate, dates?.endDate, dates?.dimensions],
      ['2024-11-10', '2026-03-09', ['date']],
    )
    assert.equal(google.queries.length, 1 + 5 * 4)
    const sums = await sumsOf(site)
    assert.deepEqual(sums.get('total'), { clicks: 50, impressions: 500, position: 4, days: 484 })
    assert.deepEqual(sums.get('query'), {
      clicks: 25,
      impressions: 350,
      position: (40 * 2 + 30 * 6) / 70,
      days: 5,
    })
    const countries = await store.searchFigures({
      site,
      firstDay: '2026-03-01',
      lastDay: '2026-03-09',
      kind: 'country',
      order: 'clicks',
      after: null,
      limit: 10,
    })
    assert.deepEqual(
      countries.map(({ key, clicks }) => [key, clicks]),
      [
        ['FR', 30],
        ['ZZ', 10],
      ],
    )
    assert.deepEqual(await searchConsole.progress(site), {
      days: 484,
      firstDay: '2024-11-10',
      lastDay: '2026-03-08',
    })
    assert.deepEqual(imported, [site])
    // 7 March may still change, 8 March does so for sure, and 9 March was not reported.
    google.queries.length = 0
    await run(searchConsole, site)
    const again = google.queries
      .filter(({ dimensions }) => dimensions[0] === 'query')
      .map((of) => of.startDate)
    assert.deepEqual(again, ['2026-03-08', '2026-03-07'])
    google.queries.length = 0
    google.firstIncomplete = null
    now += 3 * dayMs
    await run(searchConsole, site)
    await run(searchConsole, site)
    assert.equal(google.queries.filter(({ dimensions }) => dimensions[0] === 'query').length, 2)
    assert.equal((await sumsOf(site)).get('total')?.clicks, 50)
  })

  test('a day of more than 25,000 rows is read by pages', async () => {
    google.rows = (day, dimension) => {
      if (day !== '2026-03-08') return []
      if (dimension === 'date') return [googleRow('', 60_000, 60_000)]
      return dimension === 'query' ? Array.from({ length: 26_000 }, (_, i) => googleRow(`q ${i}`, 1, 1)) : []
    }
    const { searchConsole, site } = await connected()
    await run(searchConsole, site)
    const pages = google.queries.filter(({ dimensions }) => dimensions[0] === 'query')
    assert.deepEqual(
      pages.map(({ startRow, rowLimit }) => [startRow, rowLimit]),
      [
        [0, 25_000],
        [25_000, 25_000],
      ],
    )
    assert.equal((await sumsOf(site)).get('query')?.clicks, 26_000)
  })

  test('a list that never ends is cut', async () => {
    const page = Array.from({ length: 25_000 }, (_, i) => googleRow(`endless ${i}`, 1, 1))
    google.rows = (day, dimension) =>
      day === '2026-03-08' && dimension === 'date' ? [googleRow('', 1, 1)] : []
    google.intercept = (request, response, body) => {
      if (!body.includes('"query"')) return false
      google.queries.push(JSON.parse(body) as never)
      response.end(JSON.stringify({ rows: page }))
      return true
    }
    const { searchConsole, site } = await connected()
    await run(searchConsole, site)
    assert.equal(google.queries.filter(({ dimensions }) => dimensions[0] === 'query').length, 4)
    assert.equal((await searchConsole.connection(site))?.problem, null)
  })

  for (const [name, status, reason] of [
    ['a limit of requests (429)', 429, 'rateLimitExceeded'],
    ['a limit of load (403)', 403, 'quotaExceeded'],
  ] as const) {
    test(`${name} is waited for, longer each time, and the import goes on where it was`, async () => {
      lastDays()
      const { searchConsole, site } = await connected()
      let left = 7
      google.intercept = (_request, response, body) => {
        if (!body.includes('startDate') || left-- > 0) return false
        const { answer } = errorOf(status, reason, 'Quota exceeded <b>now</b>\u202e')
        response.writeHead(status).end(JSON.stringify(answer))
        return true
      }
      await run(searchConsole, site)
      const found = await searchConsole.connection(site)
      assert.deepEqual([found?.problem, found?.resumeAt], ['quota', new Date(now + 15 * 60_000)])
      assert.match(found?.detail ?? '', /goes on later\. Google says: Quota exceeded <b>now<\/b>$/)
      assert.ok(!(await registry.searchConnections.due()).includes(site))
      assert.equal((await searchConsole.progress(site)).lastDay, '2026-03-08')
      now += 15 * 60_000
      assert.ok((await registry.searchConnections.due()).includes(site))
      await run(searchConsole, site)
      assert.deepEqual((await searchConsole.connection(site))?.resumeAt, new Date(now + 60 * 60_000))
      google.intercept = () => false
      now += 60 * 60_000
      google.queries.length = 0
      await run(searchConsole, site)
      const days = google.queries
        .filter(({ dimensions }) => dimensions[0] === 'query')
        .map((of) => of.startDate)
      // 8 March may change, so it is read again; the other days follow.
      assert.deepEqual(days, ['2026-03-08', '2026-03-07', '2026-03-06', '2026-03-05', '2026-03-04'])
      assert.equal((await searchConsole.connection(site))?.problem, null)
      assert.equal((await sumsOf(site)).get('total')?.clicks, 50)
    })
  }

  test('Google’s wish to wait is followed', async () => {
    const { searchConsole, site } = await connected()
    google.intercept = (_request, response, body) => {
      if (!body.includes('startDate')) return false
      response.writeHead(429, { 'retry-after': '7200' }).end('{}')
      return true
    }
    await run(searchConsole, site)
    assert.deepEqual((await searchConsole.connection(site))?.resumeAt, new Date(now + 7_200_000))
  })

  test('an access token that ends in the middle of an import is replaced', async () => {
    lastDays()
    const { searchConsole, site } = await connected()
    let refused = 0
    google.intercept = (_request, response, body) => {
      if (!body.includes('"device"') || refused > 0) return false
      refused++
      response.writeHead(401).end('{}')
      return true
    }
    await run(searchConsole, site)
    assert.deepEqual([refused, (await searchConsole.connection(site))?.problem], [1, null])
  })

  test('a revoked connection says so, asks no more, and goes on once it is connected again', async () => {
    lastDays()
    const other = await startGoogle()
    try {
      other.properties.set(property, 'siteFullUser')
      const searchConsole = consoleWith({ endpoints: other.endpoints })
      const site = await newSite()
      await searchConsole.connectByKey(site, other.keyFile)
      other.revokeAll()
      await run(searchConsole, site)
      const found = await searchConsole.connection(site)
      assert.deepEqual([found?.problem, found?.resumeAt], ['revoked', null])
      assert.match(found?.detail ?? '', /connect again\. invalid_grant/)
      assert.ok(!(await registry.searchConnections.due()).includes(site))
    } finally {
      await other.close()
    }
  })

  test('a property that is not ours is not offered, and one that we lost is reported', async () => {
    google.properties.set('https://other.example/', 'siteOwner').set('sc-domain:example', 'siteOwner')
    const { searchConsole, site } = await connected()
    const hidden = [
      'https://other.example/',
      'sc-domain:n.example',
      'https://garden.example.evil/',
      'javascript:1',
      '',
    ]
    for (const one of hidden) google.properties.set(one, 'siteOwner')
    assert.deepEqual(await searchConsole.properties(site), ['sc-domain:example', property])
    for (const one of hidden) await assert.rejects(searchConsole.choose(site, one), { code: 'bad-property' })
    await searchConsole.choose(site, property)
    google.properties.clear()
    await run(searchConsole, site)
    const found = await searchConsole.connection(site)
    assert.equal(found?.problem, 'forbidden')
    assert.match(found.detail ?? '', /give it access in Search Console/)
  })

  test('hostile rows are left out or stored as they are, and never end the import', async () => {
    const hostile: readonly unknown[] = [
      null,
      7,
      { keys: ['no numbers'] },
      { ...googleRow('negative', 1, 1), clicks: -1 },
      { ...googleRow('text', 1, 1), impressions: '1' },
      { ...googleRow('much', 1, 1), clicks: 1e300 },
      { ...googleRow('', 1, 1), keys: [] },
      { ...googleRow('', 1, 1), keys: ['a', 'b'] },
      { ...googleRow('', 1, 1), keys: [{}] },
      googleRow('\0', 1, 1),
      googleRow('x'.repeat(3000), 1, 1),
      googleRow('<script>alert(1)</script>', 3, 3),
      googleRow("=cmd|' /C calc'!A0", 2, 2),
      googleRow('\ud800 lone', 1, 1),
    ]
    google.rows = (day, dimension) => {
      if (day !== '2026-03-08') return []
      return dimension === 'query' ? (hostile as never) : [googleRow('', 9, 9)]
    }
    const { searchConsole, site } = await connected()
    await run(searchConsole, site)
    assert.equal((await searchConsole.connection(site))?.problem, null)
    const range = { site, firstDay: '2026-03-08', lastDay: '2026-03-08' }
    const list = await store.searchFigures({
      ...range,
      kind: 'query',
      order: 'clicks',
      after: null,
      limit: 100,
    })
    assert.deepEqual(
      list.map(({ key }) => key),
      ['<script>alert(1)</script>', "=cmd|' /C calc'!A0", '\ufffd lone'],
    )
  })

  for (const [name, answer, text] of [
    ['a silent server', () => undefined, /no answer in time/],
    ['an endless answer', endless, /too large/],
    [
      'a redirect',
      (response: Response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
      /no connection/,
    ],
    ['an error of the server', (response: Response) => response.writeHead(503).end('<html>'), /status 503/],
  ] as const) {
    test(`${name} does no harm, and is tried again`, async () => {
      const { searchConsole, site } = await connected({ limits: { time: 500, size: 1024 ** 2 } })
      google.intercept = (_request, response, body) => {
        if (!body.includes('startDate')) return false
        answer(response)
        return true
      }
      await run(searchConsole, site)
      const found = await searchConsole.connection(site)
      assert.deepEqual([found?.problem, found?.resumeAt], ['unreachable', new Date(now + 60_000)])
      assert.match(found?.detail ?? '', text)
    })
  }

  test('what is no answer of Search Analytics is refused, and what is no key is no connection', async () => {
    const { searchConsole, site } = await connected()
    google.intercept = (_request, response, body) => {
      if (!body.includes('startDate')) return false
      response.end('[1]')
      return true
    }
    await run(searchConsole, site)
    assert.equal((await searchConsole.connection(site))?.problem, 'unexpected')
    const key = JSON.parse(google.keyFile) as object
    for (const file of [
      '',
      '[]',
      'x'.repeat(20_000),
      JSON.stringify({ ...key, type: 'authorized_user' }),
      JSON.stringify({ ...key, private_key: 'none' }),
    ]) {
      await assert.rejects(searchConsole.connectByKey(await newSite(), file), { code: 'bad-key' })
    }
  })

  test('a disconnected site has no credential and no figures', async () => {
    lastDays()
    const { searchConsole, site } = await connected()
    await run(searchConsole, site)
    assert.equal(await searchConsole.disconnect(site), true)
    assert.equal(await searchConsole.disconnect(site), false)
    assert.deepEqual([...(await sumsOf(site))], [])
    assert.equal(await registry.searchConnections.credential(site), null)
    await run(searchConsole, site)
  })

  test('due imports are jobs, and another property replaces the figures of the one before', async () => {
    lastDays()
    const { searchConsole, site } = await connected()
    google.properties.set('https://garden.example/', 'siteOwner')
    const stop = await searchConsole.work()
    await searchConsole.enqueueDue()
    while (!imported.includes(site)) await new Promise((resolve) => setImmediate(resolve))
    imported.length = 0
    lastDays('2026-03-08')
    await searchConsole.choose(site, 'https://garden.example/')
    while (!imported.includes(site)) await new Promise((resolve) => setImmediate(resolve))
    await stop()
    assert.equal((await sumsOf(site)).get('total')?.clicks, 10)
  })

  test('an import that is killed goes on with the day after the last recorded one, and counts nothing twice', async () => {
    google.rows = (day, dimension) =>
      day < '2026-02-01' || day > '2026-03-05'
        ? []
        : [googleRow(dimension === 'country' ? 'fra' : 'tea', 10, 100)]
    const { searchConsole, site } = await connected()
    await searchConsole.choose(site, property)
    await close()
    const held = Promise.withResolvers<void>()
    google.intercept = (_request, _response, body) => {
      if (!body.includes('2026-02-20') || !body.includes('"device"')) return false
      // The day's other lists were answered: the process has them in its memory alone.
      held.resolve()
      return true
    }
    const runOnce = () =>
      spawn(
        process.execPath,
        [
          new URL('import.testing.ts', import.meta.url).pathname,
          directory,
          site,
          String(now),
          JSON.stringify(google.endpoints),
        ],
        { stdio: 'inherit' },
      )
    const first = runOnce()
    await held.promise
    first.kill('SIGKILL')
    await once(first, 'exit')
    google.intercept = () => false
    google.queries.length = 0
    const second = runOnce()
    const [code] = (await once(second, 'exit')) as [number]
    assert.equal(code, 0)
    const days = google.queries.filter(({ dimensions }) => dimensions[0] === 'page').map((of) => of.startDate)
    assert.equal(days[0], '2026-02-20')
    assert.equal(days.length, 20)
    await open()
    const sums = await sumsOf(site)
    assert.deepEqual([sums.get('total')?.clicks, sums.get('query')?.clicks], [330, 330])
    assert.equal((await registry.searchConnections.get(site))?.problem, null)
  })
})

type Response = import('node:http').ServerResponse

function endless(response: Response): void {
  const part = Buffer.alloc(65_536, ' ')
  const write = () => {
    while (response.write(part));
  }
  response.on('drain', write).on('error', () => undefined)
  write()
}
