import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import {
  connectWordpress,
  graphqlClient,
  type PublishedPost,
  sampleDirectory,
  sampleMedia,
  startWordPress,
  type WordPress,
} from '@peerpress/cli'
import { decodeEnvelope, decodeManifest, type Manifest } from '@peerpress/wire'
import { eventually } from './support/eventually.ts'
import { peerpress } from './support/peerpress.ts'
import { type ServerProcess, startServerProcess } from './support/server-process.ts'
import { installZip } from './wordpress/install-zip.ts'

// One site with a real server, from the zip to the end of the connection: the tests run in order.
suite('a WordPress with the plugin from its zip, and its server', { timeout: 300_000 }, () => {
  let wordpress: WordPress
  let server: ServerProcess
  let post: PublishedPost
  let siteId: string
  const closers: (() => Promise<unknown>)[] = []

  before(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'peerpress-zip-'))
    closers.push(() => rm(folder, { recursive: true, force: true }))
    const zip = join(folder, 'peerpress.zip')
    await peerpress('plugin', '--out', zip)
    server = await startServerProcess()
    closers.push(() => server.close())
    wordpress = await startWordPress({ plugin: false })
    closers.push(() => wordpress.stop())
    await installZip(wordpress, zip)
  })
  after(async () => {
    for (const close of closers.toReversed()) await close()
  })

  test('the site connects, and its first post is published with its pictures', async () => {
    await connectWordpress(wordpress, { server: server.url, token: await server.token() })
    const { pictures } = await sampleMedia()
    post = await wordpress.publishPost({
      title: 'From the zip',
      pictures: pictures.slice(0, 2).map((name) => join(sampleDirectory, name)),
    })
    const client = graphqlClient(server.url, await server.token())
    const { sites } = await client.ask<{ sites: { edges: { node: { siteId: string } }[] } }>(
      '{ sites(first: 2) { edges { node { siteId } } } }',
    )
    siteId = sites.edges[0]!.node.siteId
    const manifest = await eventually('the manifest', () => manifestOf(post))
    assert.equal(manifest.version, 1)
    assert.ok(post.media.every(({ url }) => manifest.assets.some((asset) => asset.url === url)))
  })

  test('none of this made PHP or WordPress complain', async () => {
    assert.deepEqual(await wordpress.notices(), [])
  })

  const manifestOf = async ({ id }: PublishedPost): Promise<Manifest | undefined> => {
    const answer = await fetch(`${server.url}/v1/sites/${siteId}/posts/${id}/manifest`)
    return answer.ok ? decodeManifest(decodeEnvelope(await answer.text()).payload) : undefined
  }
})
