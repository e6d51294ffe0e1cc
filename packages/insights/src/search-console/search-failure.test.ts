import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { after, afterEach, before, describe, test } from 'node:test'
import { errorOf, startGoogle } from './google.testing.ts'
import { openTestSearchConsole, property, type TestSearchConsole } from './search-console.testing.ts'

describe('imports that Search Console hinders', { timeout: 300_000 }, () => {
  let opened: TestSearchConsole
  before(async () => {
    opened = await openTestSearchConsole()
  })
  after(() => opened.close())
  afterEach(() => opened.reset())

  for (const [name, status, reason] of [
    ['a limit of requests (429)', 429, 'rateLimitExceeded'],
    ['a limit of load (403)', 403, 'quotaExceeded'],
  ] as const) {
    test(`${name} is waited for, longer each time, and the import goes on where it was`, async () => {
      opened.lastDays()
      const { searchConsole, site } = await opened.connected()
      let left = 7
      opened.google.intercept = (_request, response, body) => {
        if (!body.includes('startDate') || left-- > 0) return false
        const { answer } = errorOf(status, reason, 'Quota exceeded <b>now</b>\u202e')
        response.writeHead(status).end(JSON.stringify(answer))
        return true
      }
      await opened.run(searchConsole, site)
      const found = await searchConsole.connection(site)
      assert.deepEqual([found?.problem, found?.resumeAt], ['quota', new Date(opened.now + 15 * 60_000)])
      assert.match(found?.detail ?? '', /goes on later\. Google says: Quota exceeded <b>now<\/b>$/)
      assert.ok(!(await opened.registry.searchConnections.due()).includes(site))
      assert.equal((await searchConsole.progress(site)).lastDay, '2026-03-08')
      opened.now += 15 * 60_000
      assert.ok((await opened.registry.searchConnections.due()).includes(site))
      await opened.run(searchConsole, site)
      assert.deepEqual((await searchConsole.connection(site))?.resumeAt, new Date(opened.now + 60 * 60_000))
      opened.google.intercept = () => false
      opened.now += 60 * 60_000
      opened.google.queries.length = 0
      await opened.run(searchConsole, site)
      const days = opened.google.queries
        .filter(({ dimensions }) => dimensions[0] === 'query')
        .map((of) => of.startDate)
      // 8 March may change, so it is read again; the other days follow.
      assert.deepEqual(days, ['2026-03-08', '2026-03-07', '2026-03-06', '2026-03-05', '2026-03-04'])
      assert.equal((await searchConsole.connection(site))?.problem, null)
      assert.equal((await opened.sumsOf(site)).get('total')?.clicks, 50)
    })
  }

  test('Google’s wish to wait is followed', async () => {
    const { searchConsole, site } = await opened.connected()
    opened.google.intercept = (_request, response, body) => {
      if (!body.includes('startDate')) return false
      response.writeHead(429, { 'retry-after': '7200' }).end('{}')
      return true
    }
    await opened.run(searchConsole, site)
    assert.deepEqual((await searchConsole.connection(site))?.resumeAt, new Date(opened.now + 7_200_000))
  })

  test('an access token that ends in the middle of an import is replaced', async () => {
    opened.lastDays()
    const { searchConsole, site } = await opened.connected()
    let refused = 0
    opened.google.intercept = (_request, response, body) => {
      if (!body.includes('"device"') || refused > 0) return false
      refused++
      response.writeHead(401).end('{}')
      return true
    }
    await opened.run(searchConsole, site)
    assert.deepEqual([refused, (await searchConsole.connection(site))?.problem], [1, null])
  })

  test('a revoked connection says so, asks no more, and goes on once it is connected again', async () => {
    opened.lastDays()
    const other = await startGoogle()
    try {
      other.properties.set(property, 'siteFullUser')
      const searchConsole = opened.consoleWith({ endpoints: other.endpoints })
      const site = await opened.newSite()
      await searchConsole.connectByKey(site, other.keyFile)
      other.revokeAll()
      await opened.run(searchConsole, site)
      const found = await searchConsole.connection(site)
      assert.deepEqual([found?.problem, found?.resumeAt], ['revoked', null])
      assert.match(found?.detail ?? '', /connect again\. invalid_grant/)
      assert.ok(!(await opened.registry.searchConnections.due()).includes(site))
    } finally {
      await other.close()
    }
  })

  for (const [name, answer, text] of [
    ['a silent server', () => undefined, /no answer in time/],
    ['an endless answer', endless, /too large/],
    [
      'a redirect',
      (response: ServerResponse) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
      /no connection/,
    ],
    [
      'an error of the server',
      (response: ServerResponse) => response.writeHead(503).end('<html>'),
      /status 503/,
    ],
  ] as const) {
    test(`${name} does no harm, and is tried again`, async () => {
      const { searchConsole, site } = await opened.connected({ limits: { time: 500, size: 1024 ** 2 } })
      opened.google.intercept = (_request, response, body) => {
        if (!body.includes('startDate')) return false
        answer(response)
        return true
      }
      await opened.run(searchConsole, site)
      const found = await searchConsole.connection(site)
      assert.deepEqual([found?.problem, found?.resumeAt], ['unreachable', new Date(opened.now + 60_000)])
      assert.match(found?.detail ?? '', text)
    })
  }

  test('what is no answer of Search Analytics is refused', async () => {
    const { searchConsole, site } = await opened.connected()
    opened.google.intercept = (_request, response, body) => {
      if (!body.includes('startDate')) return false
      response.end('[1]')
      return true
    }
    await opened.run(searchConsole, site)
    assert.equal((await searchConsole.connection(site))?.problem, 'unexpected')
  })
})

function endless(response: ServerResponse): void {
  const part = Buffer.alloc(65_536, ' ')
  const write = () => {
    while (response.write(part));
  }
  response.on('drain', write).on('error', () => undefined)
  write()
}
