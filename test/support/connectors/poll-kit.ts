import assert from 'node:assert/strict'
import { pipeline, Readable } from 'node:stream'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { eventually } from '../eventually.ts'
import { StaticSite } from '../server/static-site.ts'
import { openPollBench, type PollBench, type PolledSite, type PollSubject, slowAfter } from './poll-bench.ts'

const [may, june] = ['2026-05-01T00:00:00Z', '2026-06-01T00:00:00Z']

/** What every connector that polls a source must do, with real requests and a real publisher. */
export function describePollConnector(subject: PollSubject): void {
  describe(`the connector of ${subject.name}`, { timeout: 300_000 }, () => {
    let bench: PollBench
    let site: PolledSite

    before(async () => {
      bench = await openPollBench(subject)
    })
    after(() => bench.close())
    beforeEach(async () => {
      site = await bench.site()
    })
    afterEach(() => site.close())

    const versionOf = async (url: string) => (await site.post(url))?.version ?? null

    test('publishes a page once that is named several times, in several spellings', async () => {
      const url = site.web.post('one')
      const spellings = [url, url, `${url}#comments`, `${url}?utm_source=feed`]
      site.serve(spellings.map((each) => ({ url: each, updated: may })))
      const { error, named, requested } = await site.poll()
      assert.deepEqual([error, named, requested], [null, 1, 1])
      assert.equal(site.outcomes.length, 1)
      assert.equal(await versionOf(url), 1)
    })

    test('requests nothing when the same source comes again', async () => {
      const url = site.web.post('one')
      site.serve([{ url, updated: may }])
      await site.poll()
      site.web.deploy()
      assert.equal((await site.poll()).requested, 0)
    })

    test('a deploy that changes every ETag and every date publishes nothing', async () => {
      const urls = ['one', 'two'].map((name) => site.web.post(name))
      site.serve(urls.map((url) => ({ url, updated: may })))
      await site.poll()
      site.web.deploy()
      site.serve(urls.map((url) => ({ url, updated: june })))
      assert.equal((await site.poll()).requested, 2)
      assert.deepEqual(
        site.outcomes.map(({ result }) => result),
        ['published', 'published', 'unchanged', 'unchanged'],
      )
      for (const url of urls) assert.equal(await versionOf(url), 1)
    })

    test('an older copy of the source that comes late publishes and revokes nothing', async () => {
      const [one, two] = [site.web.post('one'), site.web.post('two')]
      site.serve([{ url: one, updated: may }])
      await site.poll()
      site.serve([two, one].map((url) => ({ url, updated: june })))
      await site.poll()
      site.serve([{ url: one, updated: may }])
      await site.poll()
      for (const url of [one, two]) {
        const { version, revoked } = (await site.post(url)) ?? assert.fail(url)
        assert.deepEqual([version, revoked], [1, false])
      }
    })

    test('publishes pages whose dates cannot be true, or that have none', async () => {
      const dates = ['1970-01-01T00:00:00Z', '2099-01-01T00:00:00Z', null]
      const pages = dates.map((updated, index) => ({ url: site.web.post(`dated-${index}`), updated }))
      site.serve(pages)
      assert.deepEqual((await site.poll()).named, 3)
      for (const { url } of pages) assert.equal(await versionOf(url), 1)
    })

    test('requests nothing of other hosts, which a forged source names or redirects to', async () => {
      const other = await new StaticSite().start()
      const asked: string[] = []
      other.files.set('/', (request, response) => {
        asked.push(request.url ?? '')
        response.end()
      })
      const url = site.web.post('one')
      const foreign = [`${other.origin}/`, 'http://169.254.169.254/', 'file:///etc/passwd', 'javascript:1']
      site.serve([url, ...foreign].map((each) => ({ url: each, updated: may })))
      const { named, problems } = await site.poll()
      assert.equal(named, 1)
      assert.match(problems.join(' '), /left out/)
      site.web.files.set('/source', (_request, response) => {
        response.writeHead(302, { location: `${other.origin}/` }).end()
      })
      assert.match((await site.poll()).error ?? '', /origin/)
      assert.deepEqual(asked, [])
      await other.close()
    })

    test('requests nothing of a private address that the operator did not allow', async () => {
      const web = await new StaticSite().start()
      const asked: string[] = []
      web.files.set('/source', (request, response) => {
        asked.push(request.url ?? '')
        response.end()
      })
      const input = { url: web.origin, consent: 'assumed', allowPrivateAddresses: false } as const
      const { id } = (await bench.registry.sites.add(input)).site
      const source = { site: id, kind: subject.kind, url: `${web.origin}/source` }
      const { connector } = await bench.registry.connectors.set(source)
      const failed = await eventually('the refusal', async () => {
        const record = await bench.registry.connectors.get(connector.id)
        return record?.error == null ? undefined : record
      })
      assert.match(failed.error ?? '', /no public address/)
      assert.deepEqual(asked, [])
      await web.close()
    })

    test('asks the site what became of a page that the source names no more', async () => {
      const [gone, kept, last] = ['gone', 'kept', 'last'].map((name) => site.web.post(name))
      site.serve([gone, kept, last].map((url) => ({ url: url ?? '', updated: may })))
      await site.poll()
      site.web.gone.add('/posts/gone/')
      site.serve([{ url: last ?? '', updated: may }])
      assert.equal((await site.poll()).requested, 2)
      assert.equal((await site.post(gone ?? ''))?.revoked, true)
      assert.equal((await site.post(kept ?? ''))?.revoked, false)
    })

    test('a page behind a firewall or a login stays published', async () => {
      const url = site.web.post('one')
      site.serve([{ url, updated: may }])
      await site.poll()
      site.web.files.set('/posts/one/', (_request, response) => {
        response.writeHead(403).end()
      })
      site.serve([{ url, updated: june }])
      await site.poll()
      assert.equal(site.outcomes.at(-1)?.result, 'failed')
      assert.equal((await site.post(url))?.revoked, false)
    })

    test('reports a web page in place of the source, and keeps what is published', async () => {
      const url = site.web.post('one')
      site.serve([{ url, updated: may }])
      await site.poll()
      site.web.files.set('/source', { body: '<!doctype html><title>Sign in</title>', type: 'text/html' })
      const { error, failures, dueAt } = await site.poll()
      assert.notEqual(error, null)
      assert.equal(failures, 1)
      assert.ok(dueAt !== null && dueAt.getTime() > Date.now())
      assert.equal((await site.post(url))?.revoked, false)
    })

    test('waits as long as the site requests', async () => {
      site.web.files.set('/source', (_request, response) => {
        response.writeHead(503, { 'retry-after': '40000' }).end()
      })
      const { error, dueAt } = await site.poll()
      assert.match(error ?? '', /503/)
      assert.ok((dueAt?.getTime() ?? 0) > Date.now() + 39_000_000)
    })

    test('ends an endless source, and closes its connection', async () => {
      const url = site.web.post('one')
      const { body, type } = subject.write([{ url, updated: may }])
      const piece = Buffer.from(body).subarray(0, 20)
      const closed = Promise.withResolvers<void>()
      site.web.files.set('/source', (_request, response) => {
        response.writeHead(200, { 'content-type': type })
        // The error is that the reader closed the connection.
        pipeline(Readable.from(endless(piece)), response, () => closed.resolve())
      })
      const { error } = await site.poll()
      assert.notEqual(error, null)
      await closed.promise
    })

    test('a source that sends a byte now and then fails, and holds up no other site', async () => {
      const timers = new Set<NodeJS.Timeout>()
      site.web.files.set('/source', (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/xml' })
        timers.add(setInterval(() => response.write(' '), slowAfter / 20))
      })
      const { id } = await site.begin()
      const other = await bench.site()
      const url = other.web.post('one')
      other.serve([{ url, updated: may }])
      await other.poll()
      assert.equal((await other.post(url))?.version, 1)
      const failed = await eventually('the failure', async () => {
        const record = await bench.registry.connectors.get(id)
        return record?.error == null ? undefined : record
      })
      assert.match(failed.error ?? '', /slower than|in time/)
      for (const timer of timers) clearInterval(timer)
      await other.close()
    })
  })
}

function* endless(start: Buffer): Generator<Buffer> {
  yield start
  for (;;) yield Buffer.alloc(1024 * 1024, ' ')
}
