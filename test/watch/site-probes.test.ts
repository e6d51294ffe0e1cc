import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { graphqlClient } from '@peerpress/cli'
import { openRegistry, type Registry, type Site } from '@peerpress/registry'
import { type ProbeOutcome, startProbes } from '@peerpress/watch'
import { browserIsGone, probeBrowserOf } from '../support/browser/probe-processes.ts'
import { type ProbedOrigin, type ProbedPage, startProbedOrigin } from '../support/browser/probed-origin.ts'
import { eventually } from '../support/eventually.ts'
import { addSite } from '../support/server/add-site.ts'
import { startServerProcess } from '../support/server/server-process.ts'

const chromiumPath = '/usr/bin/chromium'

describe('the browser probes of sites', () => {
  let registry: Registry
  let directory: string
  let outcomes: ProbeOutcome[]
  let reports: string[]
  const origins: ProbedOrigin[] = []

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'peerpress-site-probes-'))
    registry = await openRegistry({ directory })
  })
  after(async () => {
    for (const origin of origins) await origin.close()
    await registry.close()
    await rm(directory, { recursive: true, force: true })
  })
  beforeEach(async () => {
    outcomes = []
    reports = []
    for (const { id } of await registry.sites.list()) await registry.sites.remove(id)
  })

  const start = () =>
    startProbes({
      registry,
      chromiumPath,
      publicUrl: () => 'http://127.0.0.1:1',
      report: (problem) => reports.push(problem),
      record: async (outcome) => {
        await registry.probeOutcomes.record(outcome)
        outcomes.push(outcome)
      },
    })
  const addProbedSite = async (pages: Readonly<Record<string, ProbedPage>>): Promise<Site> => {
    const origin = await startProbedOrigin(pages)
    origins.push(origin)
    const input = { url: origin.origin, consent: 'assumed', allowPrivateAddresses: true } as const
    return (await registry.sites.add(input)).site
  }
  const publishPost = (site: Site, path: string) =>
    registry.posts.record({
      site: site.id,
      post: '1',
      url: new URL(path, site.url).href,
      version: 1,
      revoked: false,
      envelope: '{}',
      assets: [],
    })
  const browserOutcome = () =>
    eventually('the outcome of a browser probe', async () => outcomes.find(({ kind }) => kind === 'browser'))

  test('open the post that was published last', async () => {
    const site = await addProbedSite({ '/': 'home', '/post': 'a post' })
    await publishPost(site, '/post')
    const stop = await start()
    const { ok, url, timings } = await browserOutcome()
    await stop()
    assert.ok(ok)
    assert.equal(url, `${site.url}post`)
    assert.ok((timings['firstByte'] ?? -1) >= 0)
  })

  test('open the home page when that post was taken down since', async () => {
    const site = await addProbedSite({ '/': 'home' })
    await publishPost(site, '/post')
    const stop = await start()
    const { ok, url } = await browserOutcome()
    await stop()
    assert.ok(ok)
    assert.equal(url, site.url)
  })

  test('are repeated once when the browser dies', async () => {
    let kills = 0
    const kill: RequestListener = ({ headers }, response) => {
      if (headers['user-agent'] === 'PeerPress' || kills > 0) {
        response.end('home')
        return
      }
      kills++
      process.kill(probeBrowserOf(process.pid), 'SIGKILL')
    }
    await addProbedSite({ '/': kill })
    const stop = await start()
    assert.ok((await browserOutcome()).ok)
    await stop()
    assert.equal(kills, 1)
    assert.deepEqual(reports, [])
  })

  test('have no outcome and no browser after a stop', async () => {
    const opened = Promise.withResolvers<number>()
    const silentToBrowsers: RequestListener = ({ headers }, response) => {
      if (headers['user-agent'] === 'PeerPress') response.end('home')
      else opened.resolve(probeBrowserOf(process.pid))
    }
    await addProbedSite({ '/': silentToBrowsers })
    const stop = await start()
    const browser = await opened.promise
    await stop()
    await browserIsGone(browser)
    assert.ok(outcomes.every(({ kind }) => kind === 'http'))
  })
})

describe('a server with probes', { timeout: 180_000 }, () => {
  test('shows them in the graph, and ends in order while a browser probe runs', async () => {
    let isSilent = true
    const opened = Promise.withResolvers<void>()
    const answer: RequestListener = ({ headers }, response) => {
      if (!isSilent || headers['user-agent'] === 'PeerPress') response.end('home')
      else opened.resolve()
    }
    const origin = await startProbedOrigin({ '/': answer })
    const server = await startServerProcess({ PEERPRESS_CHROMIUM_PATH: chromiumPath })
    const client = graphqlClient(server.url, await server.token())
    const { siteId } = await addSite(server, origin.origin)
    // A start probes all sites at once.
    await server.stop()
    await server.restart()
    await opened.promise
    const browser = probeBrowserOf(server.pid() as number)
    await server.stop()
    await browserIsGone(browser)
    isSilent = false
    await server.restart()
    const query = `{ site(siteId: "${siteId}") { probes { kind latest { ok } } } }`
    const kinds = await eventually('probes of both kinds', async () => {
      const { site } = await client.query<{
        site: {
          probes: readonly { readonly kind: string; readonly latest: readonly { readonly ok: boolean }[] }[]
        }
      }>(query)
      return site.probes.every(({ latest }) => latest.length > 0) ? site.probes : undefined
    })
    assert.ok(kinds.every(({ latest }) => latest[0]?.ok === true))
    await server.close()
    assert.doesNotMatch(server.printed().join('\n'), /did not end in time|did not end in order/)
    await origin.close()
  })
})
