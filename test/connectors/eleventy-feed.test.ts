import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { canonicalUrl, postIdOf } from '@peerpress/connectors'
import {
  decodeEnvelope,
  decodeManifest,
  type Manifest,
  manifestPayloadType,
  preAuthEncoding,
} from '@peerpress/wire'
import { buildEleventySite } from '../support/eleventy-site.ts'
import { eventually } from '../support/eventually.ts'
import { addSite } from '../support/server/add-site.ts'
import { peerpress } from '../support/server/peerpress.ts'
import { startServerProcess } from '../support/server/server-process.ts'
import { startStaticHost } from '../support/server/static-host.ts'

test('an Eleventy site joins by its feed, and its sitemap adds the pages that the feed does not name', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'peerpress-feed-'))
  t.after(() => rm(root, { recursive: true, force: true }))
  const [built, deployed] = [join(root, 'built'), join(root, 'deployed')]
  const host = await startStaticHost(deployed)
  t.after(() => host.close())
  const server = await startServerProcess()
  t.after(() => server.close())
  const { siteId, publicKey } = await addSite(server, host.url)
  const where = ['--server', server.url, '--data', server.dataDirectory, '--json']

  await buildEleventySite(built, host.url)
  const written = await peerpress('publish', siteId, built, ...where)
  assert.equal(written.code, 0, written.stderr)
  await cp(built, deployed, { recursive: true })

  /** Returns the manifest that the page's own configuration names, if the site's key signed it. */
  async function manifestOf(path: string): Promise<Manifest | undefined> {
    const post = postIdOf(canonicalUrl(host.url + path) ?? assert.fail(path))
    const html = await readFile(join(deployed, path, 'index.html'), 'utf8')
    assert.ok(html.includes(`"post":"${post}"`), path)
    const response = await fetch(`${server.url}/v1/sites/${siteId}/posts/${post}/manifest`)
    const text = await response.text()
    if (!response.ok) return undefined
    const { payload, signatures } = decodeEnvelope(text)
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' })
    const signed = preAuthEncoding(manifestPayloadType, payload)
    assert.ok(verify(null, signed, key, signatures[0]?.bytes ?? assert.fail('no signature')))
    return decodeManifest(payload)
  }
  const published = (path: string) => eventually(`the manifest of /${path}`, () => manifestOf(path))

  const feed = await peerpress('connector', 'add', siteId, 'feed', `${host.url}feed.xml`, ...where)
  assert.equal(feed.code, 0, feed.stderr)
  const { assets, url } = await published('posts/mountains/')
  assert.equal(url, `${host.url}posts/mountains/`)
  assert.deepEqual(
    assets.map((asset) => asset.url.replace(host.url, '')),
    ['img/dawn-ridges.jpg', 'img/mountain-lake.jpg', 'img/glacier-ice.jpg', 'img/canyon.jpg'],
  )
  await published('posts/sands/')
  assert.equal(await manifestOf(''), undefined)

  const sitemap = await peerpress('connector', 'add', siteId, 'sitemap', `${host.url}sitemap.xml`, ...where)
  assert.equal(sitemap.code, 0, sitemap.stderr)
  await published('')
  assert.equal((await manifestOf('posts/mountains/'))?.version, 1)
})
