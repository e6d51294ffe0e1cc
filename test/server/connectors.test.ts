import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { graphqlClient } from '@peerpress/cli'
import { canonicalUrl, postIdOf } from '@peerpress/connectors'
import { Webhook } from 'standardwebhooks'
import { publishedManifest } from '../support/connectors/published-manifest.ts'
import { addSite } from '../support/server/add-site.ts'
import { eventually } from '../support/eventually.ts'
import { peerpress } from '../support/server/peerpress.ts'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'
import { StaticSite } from '../support/server/static-site.ts'

interface Connector {
  readonly connectorId: string
  readonly path: string | null
  readonly secret: string | null
  readonly polledAt: string | null
  readonly error: string | null
  readonly named: number | null
  readonly requested: number | null
  readonly pages: readonly { readonly result: string | null }[]
}

const [may, june] = ['2026-05-01T00:00:00Z', '2026-06-01T00:00:00Z']

describe('a site without a plugin', { timeout: 240_000 }, () => {
  let server: ServerProcess
  let web: StaticSite
  let siteId: string

  before(async () => {
    server = await startServerProcess()
  })
  after(() => server.close())
  beforeEach(async () => {
    web = await new StaticSite().start()
    siteId = (await addSite(server, `${web.origin}/`)).siteId
  })
  afterEach(() => web.close())

  /** Runs `./peerpress connector` and returns what it printed. */
  async function command<T>(...words: string[]): Promise<T> {
    const where = ['--server', server.url, '--data', server.dataDirectory, '--json']
    const { code, stdout, stderr } = await peerpress('connector', ...words, ...where)
    assert.equal(code, 0, stderr)
    return JSON.parse(stdout) as T
  }

  async function connectors(): Promise<readonly Connector[]> {
    const client = graphqlClient(server.url, await server.token())
    const { site } = await client.query<{ site: { connectors: Connector[] } }>(
      `query($siteId: String!) { site(siteId: $siteId) {
        connectors { connectorId polledAt error named requested pages { result } } } }`,
      { siteId },
    )
    return site.connectors
  }

  /** Adds a source, or polls it again at once. Resolves after the poll, when the server has read all pages. */
  async function polled(kind: 'feed' | 'sitemap', url: string): Promise<Connector> {
    const { connectorId, polledAt } = await command<Connector>('add', siteId, kind, url)
    return eventually('the poll', async () => {
      const found = (await connectors()).find((one) => one.connectorId === connectorId)
      const isRead = found?.pages.every(({ result }) => result !== null)
      return found !== undefined && found.polledAt !== polledAt && isRead ? found : undefined
    })
  }

  const manifestOf = (url: string) =>
    publishedManifest(server, siteId, postIdOf(canonicalUrl(url) ?? assert.fail(url)))
  const atVersion = (url: string, version: number) =>
    eventually(`version ${version} of ${url}`, async () => {
      const manifest = await manifestOf(url)
      return manifest?.version === version ? manifest : undefined
    })

  test('joins by its feed: its posts are published, and edits and deletions follow', async () => {
    const [one, two] = [web.post('one'), web.post('two')]
    const feed = web.feed({ one: may, two: may })
    const first = await polled('feed', feed)
    assert.deepEqual([first.error, first.named, first.requested], [null, 2, 2])
    for (const url of [one, two]) {
      const { assets, revoked } = await atVersion(url, 1)
      assert.deepEqual([assets.length, revoked], [1, false])
    }
    const unchanged = await polled('feed', feed)
    assert.deepEqual([unchanged.named, unchanged.requested], [null, 0])

    web.post('one')
    web.feed({ one: june, two: may })
    const edited = await polled('feed', feed)
    assert.deepEqual([edited.named, edited.requested], [2, 1])
    await atVersion(one, 2)

    web.gone.add('/posts/two/')
    web.feed({ one: june })
    const removed = await polled('feed', feed)
    assert.deepEqual([removed.named, removed.requested], [1, 1])
    assert.equal((await atVersion(two, 2)).revoked, true)
    assert.equal((await manifestOf(one))?.revoked, false)
  })

  test('a deploy that changes every ETag and every date publishes nothing', async () => {
    const urls = ['a', 'b', 'c'].map((name) => web.post(name))
    await polled('feed', web.feed({ a: may, b: may, c: may }))
    for (const url of urls) await atVersion(url, 1)
    web.deploy()
    const again = await polled('feed', web.feed({ a: june, b: june, c: june }))
    assert.deepEqual([again.named, again.requested], [3, 3])
    const pages = () => connectors().then(([found]) => found?.pages.map(({ result }) => result))
    await eventually('all pages unchanged', async () =>
      (await pages())?.every((result) => result === 'UNCHANGED') ? true : undefined,
    )
    for (const url of urls) assert.equal((await manifestOf(url))?.version, 1)
  })

  test('a poll that kill -9 ended is run again after the start', async () => {
    const url = web.post('one')
    const reached = Promise.withResolvers<void>()
    web.files.set('/sitemap.xml', (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/xml' }).write('<urlset>')
      reached.resolve()
    })
    await command('add', siteId, 'sitemap', `${web.origin}/sitemap.xml`)
    await reached.promise
    await server.kill()
    const body = `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>${url}</loc></url></urlset>`
    web.files.set('/sitemap.xml', { body, type: 'application/xml' })
    await server.restart()
    await atVersion(url, 1)
  })

  test('a source that cannot be read says why, and is listed and removed by command', async () => {
    const failed = await polled('feed', `${web.origin}/no-feed.xml`)
    assert.match(failed.error ?? '', /status 404/)
    const [listed] = await command<Connector[]>('list', siteId)
    assert.equal(listed?.error, failed.error)
    assert.deepEqual(await command('remove', siteId, failed.connectorId), { wasKnown: true })
    assert.deepEqual(await command('list', siteId), [])
    for (const words of [['add', siteId, 'carrier-pigeon'], ['add', siteId, 'feed'], ['add'], []]) {
      assert.equal((await peerpress('connector', ...words)).code, 2, words.join(' '))
    }
  })

  test('publishes and withdraws by signed events of any CMS; forged and replayed events do nothing', async () => {
    const url = web.post('one')
    const { path, secret } = await command<Connector>('add', siteId, 'webhook')
    const send = async (
      type: string,
      { id, by = secret ?? '', at = new Date() }: { id?: string; by?: string; at?: Date } = {},
    ) => {
      const message = id ?? randomUUID()
      const body = JSON.stringify({ type, timestamp: at.toISOString(), data: { url } })
      const response = await fetch(`${server.url}${path}`, {
        method: 'POST',
        body,
        headers: {
          'webhook-id': message,
          'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
          'webhook-signature': new Webhook(by).sign(message, new Date(), body),
        },
      })
      return { status: response.status, answer: (await response.json()) as { code?: string } }
    }
    const forged = await send('post.published', { by: 'whsec_c2VjcmV0c2VjcmV0c2VjcmV0' })
    assert.deepEqual([forged.status, forged.answer.code], [401, 'bad-signature'])
    const other = await fetch(`${server.url}/v1/sites/${siteId}/connectors/${'a'.repeat(16)}/events`, {
      method: 'POST',
      body: '{}',
    })
    assert.equal(other.status, 404)
    const early = new Date()
    assert.equal((await send('post.published', { id: 'first' })).status, 202)
    await atVersion(url, 1)
    assert.equal((await send('post.deleted')).status, 202)
    assert.equal((await atVersion(url, 2)).revoked, true)
    // The first event again, and an event from before the deletion that arrives late.
    assert.equal((await send('post.published', { id: 'first' })).status, 202)
    assert.equal((await send('post.updated', { id: 'late', at: early })).status, 202)
    // A feed that still names the post is no reason to publish it.
    await polled('feed', web.feed({ one: may }))
    assert.equal((await manifestOf(url))?.version, 2)
    assert.equal((await send('post.published')).status, 202)
    assert.equal((await atVersion(url, 3)).revoked, false)
  })
})
