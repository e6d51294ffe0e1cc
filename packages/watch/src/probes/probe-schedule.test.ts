import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { openRegistry, type Registry, type StopWork } from '@peerpress/registry'
import type { ProbeOutcome } from './probe-outcome.ts'
import { startProbes } from './probe-schedule.ts'

describe('the probes of sites', () => {
  let registry: Registry
  let directory: string
  let outcomes: Outcomes
  let reports: string[]
  let reported: PromiseWithResolvers<void>
  const closers: (() => unknown)[] = []

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'peerpress-probes-'))
    registry = await openRegistry({ directory })
  })
  after(async () => {
    for (const close of closers) await close()
    await registry.close()
    await rm(directory, { recursive: true, force: true })
  })
  beforeEach(async () => {
    outcomes = new Outcomes()
    reports = []
    reported = Promise.withResolvers()
    for (const { id } of await registry.sites.list()) await registry.sites.remove(id)
  })

  const start = (chromiumPath: string | null = null): Promise<StopWork> =>
    startProbes({
      registry,
      chromiumPath,
      publicUrl: () => '',
      report: (problem) => {
        reports.push(problem)
        reported.resolve()
      },
      record: async (outcome) => {
        await registry.probeOutcomes.record(outcome)
        outcomes.add(outcome)
      },
    })
  const addSite = async (answer: RequestListener, allowPrivateAddresses = true) => {
    const server = createServer(answer)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    closers.push(() => {
      server.close()
      server.closeAllConnections()
    })
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    return (await registry.sites.add({ url, consent: 'assumed', allowPrivateAddresses })).site
  }

  test('begin at once and are recorded with their phases', async () => {
    const site = await addSite((_request, response) => response.end('a page'))
    const stop = await start()
    const outcome = await outcomes.of(site.id)
    await stop()
    assert.deepEqual([outcome.kind, outcome.url, outcome.ok, outcome.failure], ['http', site.url, true, null])
    assert.ok((outcome.timings['firstByte'] ?? -1) >= 0)
    assert.ok(!('tls' in outcome.timings))
    const afterwards = new Date(outcome.at.getTime() + 1)
    const [recorded] = await registry.probeOutcomes.latest(site.id, 'http', { limit: 1, before: afterwards })
    assert.deepEqual(recorded, outcome)
    const names = (await registry.schedules.outcomes()).map(({ name }) => name)
    assert.ok(names.includes('probes') && !names.includes('browser-probes'))
  })

  test('of a site that does not answer delay no other site', async () => {
    const asked = Promise.withResolvers<void>()
    await addSite(() => asked.resolve())
    const other = await addSite((_request, response) => response.end('a page'))
    const stop = await start()
    await asked.promise
    assert.ok((await outcomes.of(other.id)).ok)
    await stop()
  })

  test('reach no private address of a site that may not have one', async () => {
    let requests = 0
    const site = await addSite(() => requests++, false)
    const stop = await start()
    const { ok, failure } = await outcomes.of(site.id)
    await stop()
    assert.ok(!ok)
    assert.equal(failure?.code, 'private-address')
    assert.equal(requests, 0)
  })

  test('leave out sites that have disconnected', async () => {
    let requests = 0
    const gone = await addSite(() => requests++)
    await registry.sites.disconnect(gone.id)
    const other = await addSite((_request, response) => response.end('a page'))
    const stop = await start()
    await outcomes.of(other.id)
    await stop()
    assert.equal(requests, 0)
  })

  test('that run when the server stops have no outcome, and run again after the next start', async () => {
    const asked = Promise.withResolvers<void>()
    let isUp = false
    const site = await addSite((_request, response) => {
      asked.resolve()
      if (isUp) response.end('a page')
    })
    const stop = await start()
    await asked.promise
    await stop()
    assert.equal(outcomes.count, 0)
    isUp = true
    const stopAgain = await start()
    assert.ok((await outcomes.of(site.id)).ok)
    await stopAgain()
  })

  test('follow each other at a distance, also when the server starts again at once', async () => {
    let requests = 0
    const site = await addSite((_request, response) => {
      requests++
      response.end('a page')
    })
    const stop = await start()
    await outcomes.of(site.id)
    await stop()
    const other = await addSite((_request, response) => response.end('a page'))
    const stopAgain = await start()
    await outcomes.of(other.id)
    await stopAgain()
    assert.equal(requests, 1)
  })

  test('in a browser are left out with a notice where no Chromium is, and without one where none is wanted', async () => {
    await (
      await start('/nowhere/chromium')
    )()
    assert.match(reports[0] ?? '', /\/nowhere\/chromium/)
    reports = []
    await (
      await start(null)
    )()
    assert.deepEqual(reports, [])
  })

  test('in a browser that cannot run have no outcome, and are reported once', async () => {
    const site = await addSite((_request, response) => response.writeHead(500).end())
    // A program that is no browser: it ends at once.
    const stop = await start('/bin/false')
    assert.equal((await outcomes.of(site.id)).failure?.code, 'bad-status')
    await reported.promise
    await stop()
    assert.equal(outcomes.count, 1)
    assert.match(reports.join('\n'), /^a browser probe has no result: .*\.$/)
  })
})

/** Recorded outcomes, and waiting for those that are still to come. */
class Outcomes {
  readonly #all: ProbeOutcome[] = []
  #wake = Promise.withResolvers<void>()

  get count(): number {
    return this.#all.length
  }

  add(outcome: ProbeOutcome): void {
    this.#all.push(outcome)
    this.#wake.resolve()
    this.#wake = Promise.withResolvers<void>()
  }

  async of(site: string): Promise<ProbeOutcome> {
    for (;;) {
      const found = this.#all.find((outcome) => outcome.site === site)
      if (found !== undefined) return found
      await this.#wake.promise
    }
  }
}
