import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { graphqlClient } from '@peerpress/cli'
import { decodeEnvelope, decodeManifest, manifestPayloadType, preAuthEncoding } from '@peerpress/wire'
import { type AddedSite, addSite } from '../support/server/add-site.ts'
import { allFigures } from '../support/data/all-figures.ts'
import { eventually } from '../support/eventually.ts'
import { peerpress } from '../support/server/peerpress.ts'
import { type PublishedOrigin, startPublishedOrigin } from '../support/browser/published-origin.ts'
import { postBeacon, sampleBeacon } from '../support/data/sample-beacon.ts'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'

const day = 86_400_000
const range = { from: new Date(Date.now() - 2 * day), to: new Date(Date.now() + day) }
/** In the United States, the Netherlands, Japan, and nowhere. */
const addresses = ['12.0.0.1', '193.0.6.139', '133.11.0.1', '127.0.0.1']

describe('a backup of a server that runs', { timeout: 600_000 }, () => {
  let root: string
  let origin: PublishedOrigin
  let server: ServerProcess
  let site: AddedSite
  let removed: AddedSite
  const directory = () => join(root, 'backup')
  const restoredData = () => join(root, 'restored')

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'peerpress-backup-'))
    origin = await startPublishedOrigin()
    server = await startServerProcess()
    site = await addSite(server, `${origin.url}/`)
    removed = await addSite(server, 'http://127.0.0.1:1/')
    for (const post of ['one', 'two', 'gone']) await publish(server, site.siteId, post, origin)
    await fill(server, site, origin.url)
    const measured = await postBeacon({
      server: server.url,
      beacon: sampleBeacon(removed.siteId, { url: 'http://127.0.0.1:1/a-post/' }),
      origin: 'http://127.0.0.1:1',
    })
    assert.equal(measured.status, 204)
    const where = ['--server', server.url, '--data', server.dataDirectory]
    assert.equal((await peerpress('site', 'remove', removed.siteId, '--yes', ...where)).code, 0)
    assert.equal((await peerpress('site', 'retain', site.siteId, '90', ...where)).code, 0)
  })
  after(async () => {
    await server.close()
    await origin.close()
    await rm(root, { recursive: true, force: true })
  })

  test('is of its owner alone, and has no token', async () => {
    const { code, stdout, stderr } = await peerpress(
      'backup',
      directory(),
      '--server',
      server.url,
      '--data',
      server.dataDirectory,
      '--json',
    )
    assert.equal(code, 0, stderr)
    assert.ok(!stderr.includes('\u001b['))
    const told = JSON.parse(stdout) as { directory: string; files: number; bytes: number }
    assert.equal(told.directory, directory())
    const names = await readdir(directory(), { recursive: true, withFileTypes: true })
    const files = names.filter((entry) => entry.isFile())
    assert.equal(files.length, told.files + 1)
    for (const entry of names) {
      const { mode } = await stat(join(entry.parentPath, entry.name))
      assert.equal(mode & 0o777, entry.isFile() ? 0o600 : 0o700, entry.name)
    }
    const token = await server.token()
    for (const entry of files) {
      assert.ok(!(await readFile(join(entry.parentPath, entry.name), 'latin1')).includes(token), entry.name)
    }
    assert.ok(!(await readdir(server.dataDirectory)).includes('backup-staging'))
    assert.ok(!(await readdir(join(server.dataDirectory, 'store'))).includes('shadow'))
  })

  test('is restored into another folder, where every figure is the same', async () => {
    const oldToken = await server.token()
    const original = await manifestOf(server, site, 'one')
    // A backup brings everything into the store that was counted before it, drops too.
    const expected = await allFigures({ url: server.url, siteId: site.siteId, range })
    const countries = expected['breakdown(by: COUNTRY)'] as { key: string | null }[]
    assert.deepEqual(countries.map(({ key }) => key ?? '').toSorted(), ['', 'JP', 'NL', 'US'])
    for (const figure of ['drops', 'breakdown(by: ARM)'])
      assert.ok((expected[figure] as unknown[]).length > 0, figure)
    assert.ok((expected['bots'] as { views: number }).views > 0)
    origin.requests.clear()
    const { code, stderr } = await peerpress('restore', directory(), '--data', restoredData(), '--json')
    assert.equal(code, 0, stderr)
    const again = await peerpress('restore', directory(), '--data', restoredData())
    assert.equal(again.code, 1)
    assert.match(again.stderr, /is not empty/)
    // The server that runs probes the site meanwhile.
    assert.deepEqual([...origin.requests.keys()].filter((path) => path !== '/'), [])

    origin.status = 503
    const restored = await startServerProcess({}, restoredData())
    try {
      assert.deepEqual(await allFigures({ url: restored.url, siteId: site.siteId, range }), expected)
      assert.notEqual(await restored.token(), oldToken)
      await assert.rejects(
        graphqlClient(restored.url, oldToken).query(addMutation, { input: addInput }),
        /refused/,
      )
      const client = graphqlClient(restored.url, await restored.token())
      const { site: kept } = await client.query<{ site: { retentionDays: number; publicKey: string } }>(
        'query($siteId: String!) { site(siteId: $siteId) { retentionDays publicKey } }',
        { siteId: site.siteId },
      )
      assert.deepEqual(kept, { retentionDays: 90, publicKey: site.publicKey })
      const late = await postBeacon({
        server: restored.url,
        beacon: sampleBeacon(removed.siteId),
        origin: 'http://127.0.0.1:1',
      })
      assert.equal(late.status, 404)

      // The site is down: what the backup says of its posts is not confirmed yet.
      for (const path of [ticketPath(site, 'one'), manifestPath(site, 'one')]) {
        const refused = await fetch(restored.url + path, { headers: { origin: origin.url } })
        assert.equal(refused.status, 503, path)
        assert.equal(refused.headers.get('retry-after'), '30')
        assert.equal(((await refused.json()) as { code: string }).code, 'restoring')
      }
      origin.status = 200
      const manifest = await eventually('the post as its site has it', async () => {
        const response = await fetch(restored.url + manifestPath(site, 'one'))
        return response.ok ? readManifest(await response.text(), site) : undefined
      })
      assert.ok(manifest.version > original.version + 1_000_000, String(manifest.version))
      assert.deepEqual(
        manifest.assets.map(({ id }) => id),
        original.assets.map(({ id }) => id),
      )
      for (const { id, size } of manifest.assets) {
        const response = await fetch(`${restored.url}/v1/mirror/${id}`)
        assert.equal((await response.arrayBuffer()).byteLength, size)
      }
      const ticket = await fetch(restored.url + ticketPath(site, 'one'), { headers: { origin: origin.url } })
      assert.equal(ticket.status, 200)
      await publish(restored, site.siteId, 'new', origin)
      assert.ok((await manifestOf(restored, site, 'new')).version > 1_000_000)
    } finally {
      await restored.stop()
    }
  })
})

const addMutation = 'mutation($input: SiteAddInput!) { siteAdd(input: $input) { site { siteId } } }'
const addInput = { url: 'http://127.0.0.1:2/', consent: 'ASSUMED', allowPrivateAddresses: true }

function manifestPath({ siteId }: AddedSite, post: string): string {
  return `/v1/sites/${siteId}/posts/${post}/manifest`
}

function ticketPath({ siteId }: AddedSite, post: string): string {
  return `/v1/ticket?site=${siteId}&post=${post}`
}

async function publish(
  of: ServerProcess,
  siteId: string,
  post: string,
  origin: PublishedOrigin,
): Promise<void> {
  const client = graphqlClient(of.url, await of.token())
  const mutation = 'mutation($input: PostPublishInput!) { postPublish(input: $input) { accepted } }'
  await client.query(mutation, { input: { siteId, postId: post, url: `${origin.url}/post/${post}/` } })
  await eventually(`a manifest of ${post}`, async () => {
    const { ok } = await fetch(`${of.url}/v1/sites/${siteId}/posts/${post}/manifest`)
    return ok || undefined
  })
}

async function manifestOf(of: ServerProcess, site: AddedSite, post: string) {
  return readManifest(await (await fetch(of.url + manifestPath(site, post))).text(), site)
}

/** A manifest under the site's key. */
async function readManifest(text: string, { publicKey }: AddedSite) {
  const { payload, signatures } = decodeEnvelope(text)
  const raw = Buffer.from(publicKey, 'base64url')
  const key = await crypto.subtle.importKey('raw', raw, 'Ed25519', false, ['verify'])
  const [signature] = signatures
  const signed = preAuthEncoding(manifestPayloadType, payload)
  assert.ok(signature && (await crypto.subtle.verify('Ed25519', key, signature.bytes, signed)))
  return decodeManifest(payload)
}

/** Views of both arms and several countries, some told of twice, bots, and beacons that are dropped. */
async function fill(of: ServerProcess, { siteId }: AddedSite, origin: string): Promise<void> {
  const send = async (changes: Parameters<typeof sampleBeacon>[1], headers = {}) => {
    const beacon = sampleBeacon(siteId, { url: `${origin}/post/one/`, ...changes })
    return (await postBeacon({ server: of.url, beacon, origin, headers })).status
  }
  for (let i = 0; i < 120; i++) {
    const view = crypto.randomUUID()
    const arm = i % 3 === 0 ? 'control' : 'assisted'
    const vitals = {
      lcp: 500 + 17 * i,
      inp: i % 2 === 0 ? 90 + i : null,
      cls: i / 1000,
      fcp: 300 + i,
      ttfb: 40 + i,
    }
    const headers = { 'x-forwarded-for': addresses[i % addresses.length] ?? '' }
    assert.equal(await send({ view, arm, vitals, post: `post-${i % 4}` }, headers), 204)
    if (i % 5 === 0) {
      const later = { view, arm, vitals, sequence: i % 10 === 0 ? 2 : 4, age: 5000 } as const
      assert.equal(await send({ ...later, engagement: { engagedMs: 100 * i, scrollDepth: 1 } }, headers), 204)
    }
    if (i % 20 === 0) assert.equal(await send({}, { 'user-agent': 'Googlebot/2.1' }), 204)
    if (i % 30 === 0)
      await postBeacon({ server: of.url, beacon: sampleBeacon(siteId), origin: 'http://other.example' })
  }
}
