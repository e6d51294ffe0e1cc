import assert from 'node:assert/strict'
import { createHash, createPublicKey, verify } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { graphqlClient, releasedPlugin } from '@peerpress/cli'
import {
  connectWordpress,
  createReader,
  launchChromium,
  sampleDirectory,
  sampleMedia,
  type PublishedPost,
  type Reader,
  startWordPress,
  type WordPress,
} from '@peerpress/testbed'
import {
  type Asset,
  decodeEnvelope,
  decodeLease,
  decodeManifest,
  leasePayloadType,
  type Manifest,
  mirrorsHeader,
  preAuthEncoding,
} from '@peerpress/wire'
import { openPage } from '../support/browser/dashboard-page.ts'
import { eventually } from '../support/eventually.ts'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'
import { submitForm } from './connect-site.ts'

/** A copy of the server's mirror that it names to readers; none of these has need of it. */
const mirror = 'http://127.0.0.1:9/copies/'

// One post, from WordPress to the report: the tests run in order and each goes on where the one before ended.
describe('a post published in WordPress', () => {
  let wordpress: WordPress
  let server: ServerProcess
  let post: PublishedPost
  let siteId: string
  let manifest: Manifest
  /** Of pictures that the second reader asked for once it had a peer. */
  let bytesInCompany = 0
  const closers: (() => Promise<unknown>)[] = []

  before(async () => {
    wordpress = await startWordPress({ plugin: await releasedPlugin() })
    closers.push(() => wordpress.stop())
    server = await startServerProcess({ PEERPRESS_MIRRORS: mirror })
    closers.push(() => server.close())
    await connectWordpress(wordpress, { server: server.url, token: await server.token() })
    // Two readers are too few to keep any on the origin to compare with.
    await wordpress.php('update_option("peerpress_assistance", ["control" => 0]);')
  })
  after(async () => {
    for (const close of closers.toReversed()) await close()
  })

  test('gets a manifest of its pictures and its video that verifies with the site’s public key', async () => {
    const { pictures, video } = await sampleMedia()
    post = await wordpress.publishPost({
      title: 'Ten imagined places',
      pictures: pictures.map((name) => join(sampleDirectory, name)),
      video: join(sampleDirectory, video),
    })
    const client = graphqlClient(server.url, await server.token())
    const { sites } = await client.query<{
      sites: { edges: { node: { siteId: string; publicKey: string } }[] }
    }>('{ sites(first: 2) { edges { node { siteId publicKey } } } }')
    assert.equal(sites.edges.length, 1)
    const site = sites.edges[0]?.node as { siteId: string; publicKey: string }
    siteId = site.siteId

    const envelope = await eventually('the manifest', async () => {
      const response = await fetch(`${server.url}/v1/sites/${siteId}/posts/${post.id}/manifest`)
      if (!response.ok) return undefined
      assert.equal(response.headers.get(mirrorsHeader), mirror)
      return decodeEnvelope(await response.text())
    })
    const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: site.publicKey } })
    const signed = preAuthEncoding(envelope.payloadType, envelope.payload)
    assert.ok(envelope.signatures.some(({ bytes }) => verify(null, signed, key, bytes)))
    const asked = await fetch(`${server.url}/v1/ticket?site=${siteId}&post=${post.id}`, {
      headers: { Origin: new URL(post.url).origin },
    })
    const lease = decodeEnvelope(((await asked.json()) as { lease: string }).lease)
    const leased = preAuthEncoding(leasePayloadType, lease.payload)
    assert.ok(lease.signatures.some(({ bytes }) => verify(null, leased, key, bytes)))
    assert.equal(decodeLease(lease.payload).length, 7 * 24 * 60 * 60 * 1000)
    manifest = decodeManifest(envelope.payload)
    assert.equal(manifest.post, String(post.id))
    assert.equal(manifest.version, 1)
    for (const { url, file } of post.media) {
      const asset = manifest.assets.find((candidate) => candidate.url === url) as Asset
      assert.ok(asset, `${url} is in the manifest`)
      const bytes = await readFile(file)
      assert.equal(asset.size, bytes.length)
      const chunks = Array.from({ length: asset.hashes.length / 32 }, (_, i) =>
        bytes.subarray(i * asset.chunkSize, (i + 1) * asset.chunkSize),
      )
      assert.deepEqual(Buffer.from(asset.hashes), Buffer.concat(chunks.map(sha256)))
    }
  })

  test('reaches its second reader from the first, byte for byte, in both readers’ first view', async () => {
    const [first, second] = await Promise.all([newReader('193.0.6.139'), newReader('133.11.0.1')])
    await first.reader.read()
    // Whoever scrolls down before the first connection is there gets at the origin what comes into sight.
    await second.reader.page.goto(post.url)
    await second.reader.page.waitForFunction(() => (window.peerpress?.delivery?.()?.peers ?? 0) > 0)
    const shownAlone = new Set(second.requested)
    await second.reader.scroll()
    const shownInCompany = manifest.assets.filter(
      ({ url }) => url.endsWith('.jpg') && second.requested.has(url) && !shownAlone.has(url),
    )
    bytesInCompany = shownInCompany.reduce((sum, { size }) => sum + size, 0)
    assert.ok(shownInCompany.length > 0)

    for (const { reader } of [first, second]) {
      const widths = await reader.page.$$eval('article img, .wp-block-image img', (all) =>
        all.map((img) => img.naturalWidth),
      )
      assert.equal(widths.length, 10)
      assert.ok(widths.every((width) => width > 0))
    }
    const pictures = [...second.received].filter(([url]) => url.endsWith('.jpg'))
    assert.ok(pictures.length >= 10, `${pictures.length} pictures were received`)
    for (const [url, digest] of pictures) {
      const file = join(wordpress.directory, new URL(url).pathname)
      assert.equal(digest, sha256(await readFile(file)).toString('hex'), url)
    }
    const video = post.media.at(-1) as PublishedPost['media'][number]
    const digest = await second.reader.page.evaluate(async (url) => {
      const bytes = await (await fetch(url)).arrayBuffer()
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
      return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
    }, video.url)
    assert.equal(digest, sha256(await readFile(video.file)).toString('hex'))

    await second.reader.leave()
    await first.reader.leave()
  })

  test('is then reported by GraphQL, for the post and by country', async () => {
    const client = graphqlClient(server.url)
    const range = { from: new Date(Date.now() - 3_600_000), to: new Date(Date.now() + 3_600_000) }
    const report = await eventually('both views in the report', async () => {
      const { site } = await client.query<{ site: { post: { report: PostReport } } }>(query, {
        siteId,
        post: String(post.id),
        range,
      })
      // Each field is a question of its own: the second view may come in between two of them.
      const { totals, breakdown } = site.post.report
      const counted = breakdown.reduce((sum, { metrics }) => sum + metrics.views, 0)
      return totals.views === 2 && counted === 2 ? site.post.report : undefined
    })
    assert.deepEqual(report.breakdown.map(({ key }) => key).toSorted(), ['JP', 'NL'])
    for (const { key, metrics } of [...report.breakdown, { key: 'all', metrics: report.totals }]) {
      const lcp = metrics.speed.lcp as NonNullable<PostMetrics['speed']['lcp']>
      assert.ok(lcp.value > 0 && lcp.low <= lcp.value && lcp.value <= lcp.high, `LCP of ${key}`)
      assert.equal(lcp.samples, metrics.views)
      assert.equal(lcp.enough, false)
      assert.equal(metrics.reliability.assetSuccessRatio, 1)
      assert.equal(metrics.reliability.wrongBytes, 0)
      assert.ok((metrics.engagement.engagedMs?.value ?? 0) > 0, `engaged time of ${key}`)
    }
    const byCountry = new Map(report.breakdown.map(({ key, metrics }) => [key, metrics.delivery]))
    assert.equal(byCountry.get('NL')?.bytes.peer, 0)
    const second = byCountry.get('JP') as PostMetrics['delivery']
    const total = Object.values(second.bytes).reduce((sum, bytes) => sum + bytes, 0)
    const told = `${second.bytes.peer} of ${total} bytes came from the peer, ${bytesInCompany} could`
    assert.ok(second.bytes.peer > bytesInCompany / 2, told)
    assert.equal(second.peerHitRatio, second.bytes.peer / total)
  })

  test('has a mark in its report for each new version of a plugin, and for no hostile one', async () => {
    const token = await server.token()
    const client = graphqlClient(server.url, token)
    const versions = async () => {
      const { site } = await client.query<ReleasesAnswer>(releasesQuery, { siteId })
      const marks = site.report.annotations.filter(({ kind }) => kind === 'RELEASE')
      const told = site.releases.map(({ component, version }) => `${component} ${version}`)
      // Every release has its mark.
      assert.deepEqual(marks.map(({ subject, text }) => `${text} ${subject}`).toSorted(), told.toSorted())
      return told.filter((part) => /tea|cake/.test(part)).toSorted()
    }
    await installPlugin('tea', '1.0')
    await wordpress.runCron()
    const earlier = await versions()
    await installPlugin('tea', '1.1')
    await wordpress.runCron()
    assert.deepEqual(await versions(), [...earlier, 'plugin tea 1.1'])

    await installPlugin('cake', hostileVersions[0])
    await installPlugin('tea', '1.2')
    await wordpress.runCron()
    const known = [...earlier, 'plugin tea 1.1', 'plugin tea 1.2']
    assert.deepEqual(await versions(), known, 'a hostile version does not hold up the others')
    for (const version of hostileVersions) {
      const { status, problem } = await sendVersion('plugin cake', version)
      assert.deepEqual([status, problem.code], [400, 'bad-event'])
      assert.match(problem.detail, /^data\.releases\.0\.version: /)
      assert.ok(problem.detail.length < 300, `the problem has ${problem.detail.length} characters`)
    }
    assert.deepEqual(await versions(), known)

    const browser = await launchChromium()
    closers.push(() => browser.close())
    const { page, complaints } = await openPage(browser, token)
    await page.goto(`${server.url}/sites/${siteId}?range=week`)
    await page.locator('.annotations summary').click()
    for (const version of ['1.1', '1.2']) {
      await page.waitForSelector(`.annotations li ::-p-text(plugin tea ${version})`, { visible: true })
    }
    assert.deepEqual(await complaints(), [])
  })

  test('has peers only as the owner’s policy of today allows, whatever HTML a reader has', async () => {
    const readers = [await newReader('193.0.6.139'), await newReader('133.11.0.1')]
    const pages = readers.map(({ reader }) => reader.page)
    for (const page of pages) {
      await page.evaluateOnNewDocument(noteConnections)
      await page.goto(post.url)
    }
    for (const page of pages)
      await page.waitForFunction(() =>
        window.connections?.some(({ connectionState }) => connectionState === 'connected'),
      )
    const kept = await (await fetch(post.url)).text()
    assert.match(kept, /"mode":"full"/)

    const choose = async (mode: string): Promise<void> => {
      const choice = { action: 'peerpress_assistance', mode, control: '0' }
      const saved = await submitForm(wordpress.url, await wordpress.signIn(), choice)
      assert.match(saved, /peerpress-notice=saved$/)
    }
    await choose('off')
    for (const page of pages)
      await page.waitForFunction(() =>
        window.connections?.every(({ connectionState }) => connectionState === 'closed'),
      )
    const { reader } = await newReader('193.0.6.140')
    const { page } = reader
    await page.evaluateOnNewDocument(noteConnections)
    await page.setRequestInterception(true)
    page.on('request', (request) => {
      // As a page cache has it, three days later.
      const old = { contentType: 'text/html; charset=utf-8', headers: { age: '259200' }, body: kept }
      const answered = request.url() === post.url ? request.respond(old) : request.continue()
      // The page is gone.
      answered.catch(() => {})
    })
    const refused = page.waitForResponse((response) => response.url().includes('/v1/ticket?'))
    await page.goto(post.url)
    const refusal = await refused
    assert.equal(refusal.status(), 403)
    assert.equal(((await refusal.json()) as { code: string }).code, 'policy-changed')
    await reader.scroll()
    assert.equal(await page.evaluate(() => window.connections?.length), 0)
    assert.equal(await page.evaluate(() => window.peerpress?.delivery?.()?.bytes.peer), 0)

    await choose('full')
    const again = await fetch(
      `${server.url}/v1/ticket?site=${siteId}&post=${post.id}&mode=full&consent=assumed`,
      {
        headers: { Origin: new URL(post.url).origin },
      },
    )
    assert.equal(again.status, 200)
    await Promise.all([...readers.map((one) => one.reader.leave()), reader.leave()])
  })

  test('is still read when WordPress is down, in its own style, with its pictures and its video', async () => {
    const { reader } = await newReader('193.0.6.139')
    const { page } = reader
    await reader.read()
    const look = () =>
      page.evaluate(() => {
        const { fontFamily, backgroundColor } = getComputedStyle(document.body)
        return { fontFamily, backgroundColor, sheets: document.styleSheets.length }
      })
    const fresh = await look()
    await page.waitForFunction(
      async (url) => (await caches.match(url, { cacheName: 'peerpress-pages' })) !== undefined,
      {},
      post.url,
    )
    await wordpress.stopHttp()
    await reader.read()
    const mark = await page.$eval('peerpress-saved', ({ textContent }) => textContent)
    assert.match(mark, /^Saved copy of .*\d{4}.*\. The site cannot be reached at the moment\.$/)
    assert.deepEqual(await look(), fresh)
    const widths = await page.$$eval('article img, .wp-block-image img', (all) =>
      all.map((img) => img.naturalWidth),
    )
    assert.ok(widths.length === 10 && widths.every((width) => width > 0), String(widths))
    const delivery = await page.evaluate(() => window.peerpress?.delivery?.())
    assert.equal(delivery?.wrongBytes, 0)
    assert.equal(delivery.bytes.origin, 0)
  })

  /** Installs or updates a plugin as an administrator does who uploads its zip, and activates it. */
  const installPlugin = (slug: string, version: string | undefined) =>
    wordpress.php(installScript, { slug, version })

  /** Sends a version past the plugin's own check, signed. */
  const sendVersion = async (component: string, version: string): Promise<Refusal> =>
    JSON.parse(await wordpress.php(sendScript, { component, version })) as Refusal

  /** A reader with a Chromium of its own; remembers what the page asked for, and the SHA-256 of every complete picture. */
  async function newReader(
    address: string,
  ): Promise<{ reader: Reader; requested: Set<string>; received: Map<string, string> }> {
    const browser = await launchChromium()
    closers.push(() => browser.close())
    const reader = await createReader(browser, { country: '', address }, post.url)
    closers.push(() => reader.close())
    const requested = new Set<string>()
    reader.page.on('request', (request) => requested.add(request.url()))
    const received = new Map<string, string>()
    reader.page.on('response', (response) => {
      if (!response.url().includes('/wp-content/uploads/') || response.status() !== 200) return
      response.buffer().then(
        (body) => received.set(response.url(), sha256(body).toString('hex')),
        () => undefined,
      )
    })
    return { reader, requested, received }
  }
})

interface PostMetrics {
  readonly views: number
  readonly reliability: { readonly assetSuccessRatio: number | null; readonly wrongBytes: number }
  readonly speed: {
    readonly lcp: { value: number; low: number; high: number; samples: number; enough: boolean } | null
  }
  readonly delivery: {
    readonly peerHitRatio: number | null
    readonly bytes: Readonly<Record<'peer' | 'seed' | 'mirror' | 'origin' | 'cache', number>>
  }
  readonly engagement: { readonly engagedMs: { readonly value: number } | null }
}

interface PostReport {
  readonly totals: PostMetrics
  readonly breakdown: readonly { readonly key: string; readonly metrics: PostMetrics }[]
}

const query = `
query($siteId: String!, $post: String!, $range: RangeInput!) {
  site(siteId: $siteId) { post(postId: $post) { report(range: $range) {
    totals { ...Figures }
    breakdown(by: COUNTRY) { key metrics { ...Figures } }
  } } }
}
fragment Figures on Metrics {
  views
  reliability { assetSuccessRatio wrongBytes }
  speed { lcp { value low high samples enough } }
  delivery { peerHitRatio bytes { peer seed mirror origin cache } }
  engagement { engagedMs { value } }
}`

interface Refusal {
  readonly status: number
  readonly problem: { readonly code: string; readonly detail: string }
}

interface ReleasesAnswer {
  readonly site: {
    readonly releases: readonly { readonly component: string; readonly version: string }[]
    readonly report: {
      readonly annotations: readonly {
        readonly kind: string
        readonly subject: string | null
        readonly text: string | null
      }[]
    }
  }
}

const releasesQuery = `
query($siteId: String!) {
  site(siteId: $siteId) {
    releases { component version }
    report(lastDays: 7) { annotations { kind subject text } }
  }
}`

const hostileVersions = [
  `1.0<img src=x onerror="document.title='hit'">`,
  '1'.repeat(10_000),
  '=cmd()',
  '1.0\u202Egnp',
]

const installScript = `
require_once ABSPATH . 'wp-admin/includes/admin.php';
require_once ABSPATH . 'wp-admin/includes/class-wp-upgrader.php';
require_once ABSPATH . 'wp-admin/includes/class-pclzip.php';
$slug = $input['slug'];
$file = get_temp_dir() . "$slug.zip";
$zip = new PclZip($file);
$zip->create([[
    PCLZIP_ATT_FILE_NAME => "$slug/$slug.php",
    PCLZIP_ATT_FILE_CONTENT => "<?php\n/*\nPlugin Name: $slug\nVersion: {$input['version']}\n*/\n",
]]);
$upgrader = new Plugin_Upgrader(new Automatic_Upgrader_Skin());
if (true !== $upgrader->install($file, ['overwrite_package' => true])) {
    throw new RuntimeException(implode(' ', $upgrader->skin->get_upgrade_messages()));
}
$error = activate_plugin("$slug/$slug.php");
if (is_wp_error($error)) { throw new RuntimeException($error->get_error_message()); }`

const sendScript = `
$answer = PeerPress\\Server\\ServerRequest::post(PeerPress\\Server\\Connection::current(), 'events', [
    'type' => 'site.released',
    'timestamp' => gmdate('Y-m-d\\TH:i:s\\Z'),
    'data' => ['releases' => [$input]],
]);
echo json_encode([
    'status' => wp_remote_retrieve_response_code($answer),
    'problem' => json_decode(wp_remote_retrieve_body($answer)),
]);`

/** Runs in the page before its scripts. */
function noteConnections(): void {
  window.connections = []
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      window.connections?.push(this)
    }
  }
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}
