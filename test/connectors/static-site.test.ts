import assert from 'node:assert/strict'
import { createReadStream } from 'node:fs'
import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { graphqlClient } from '@peerpress/cli'
import { canonicalUrl, postIdOf, readFeed } from '@peerpress/connectors'
import { createReader, launchChromium, type Reader } from '@peerpress/testbed'
import { decodeEnvelope, decodeManifest, type Manifest } from '@peerpress/wire'
import { buildEleventySite } from '../support/eleventy-site.ts'
import { eventually } from '../support/eventually.ts'
import { openLocalName } from '../support/local-names.ts'
import { addSite } from '../support/server/add-site.ts'
import { peerpress } from '../support/server/peerpress.ts'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'
import { type StaticHost, startStaticHost } from '../support/server/static-host.ts'

/** The result of a run that `--json` prints. */
interface Published {
  readonly written: readonly string[]
  readonly pages: number
  readonly posts: number
  readonly leftOut: readonly { readonly path: string; readonly reason: string }[]
  readonly changes: {
    readonly current: readonly string[]
    readonly requested: readonly string[]
    readonly waiting: readonly string[]
    readonly removed: readonly string[]
  } | null
  readonly workerProblem: string | null
}

const pages = [
  'about.html',
  'index.html',
  'posts/mountains/index.html',
  'posts/sands/index.html',
  'posts/words/index.html',
]
const posts = ['about.html', '', 'posts/mountains/', 'posts/sands/']

// One site, from its build to the report: the tests run in order, and each continues where the one before ended.
describe('a site that Eleventy built', { timeout: 600_000 }, () => {
  let root: string
  let built: string
  let deployed: string
  let host: StaticHost
  let server: ServerProcess
  let siteId: string
  const closers: (() => Promise<unknown>)[] = []

  before(async () => {
    await openLocalName('site.localhost')
    root = await mkdtemp(join(tmpdir(), 'peerpress-eleventy-'))
    closers.push(() => rm(root, { recursive: true, force: true }))
    built = join(root, 'built')
    deployed = join(root, 'deployed')
    host = await startStaticHost(deployed, 'site.localhost')
    closers.push(() => host.close())
    server = await startServerProcess()
    closers.push(() => server.close())
    siteId = (await addSite(server, host.url)).siteId
    await build()
    await deploy()
  })
  after(async () => {
    for (const close of closers.toReversed()) await close()
  })

  const build = () => buildEleventySite(built, host.url)
  async function deploy(): Promise<void> {
    await rm(deployed, { recursive: true, force: true })
    await cp(built, deployed, { recursive: true })
    host.deploys++
  }
  async function publish(...options: string[]): Promise<Published> {
    const common = ['--server', server.url, '--data', server.dataDirectory, '--control', '0', '--json']
    const { code, stdout, stderr } = await peerpress('publish', siteId, built, ...common, ...options)
    assert.equal(code, 0, stderr)
    return JSON.parse(stdout) as Published
  }
  const urlsOf = (paths: readonly string[]) => paths.map((path) => host.url + path)
  const postOf = (path: string) => postIdOf(canonicalUrl(host.url + path) as URL)
  async function manifestOf(path: string): Promise<Manifest | undefined> {
    const response = await fetch(`${server.url}/v1/sites/${siteId}/posts/${postOf(path)}/manifest`)
    const text = await response.text()
    return response.ok ? decodeManifest(decodeEnvelope(text).payload) : undefined
  }
  const versions = () => Promise.all(posts.map(async (path) => (await manifestOf(path))?.version))

  test('a dry run reports what it would write, and writes nothing', async () => {
    const original = await readFile(join(built, 'index.html'))
    const { written, changes } = await publish('--dry-run')
    assert.deepEqual(written, ['peerpress-worker.js', ...pages])
    assert.equal(changes, null)
    assert.deepEqual(await readFile(join(built, 'index.html')), original)
  })

  test('gets the scripts into its pages, and nothing else changes', async () => {
    const { written, leftOut, posts: count, pages: all } = await publish()
    assert.deepEqual(written, ['peerpress-worker.js', ...pages])
    assert.equal(all, 5)
    assert.equal(count, 4)
    assert.deepEqual(leftOut, [{ path: 'part.html', reason: 'no-page' }])
    for (const page of pages) {
      const [bare, assisted] = await Promise.all(
        [deployed, built].map((folder) => readFile(join(folder, page), 'utf8')),
      )
      assert.equal(assisted?.replace(/<script [^]*<\/script>\n/, ''), bare)
    }
    assert.deepEqual((await publish()).written, [])
  })

  test('waits for the deploy, because the server fetches what the public sees', async () => {
    const { changes } = await publish()
    assert.deepEqual(changes?.waiting, urlsOf(posts))
    assert.deepEqual(changes?.requested, [])
    assert.deepEqual(
      await versions(),
      posts.map(() => undefined),
    )
  })

  test('is published after the deploy', async () => {
    await deploy()
    assert.deepEqual((await publish()).changes?.requested, urlsOf(posts))
    const manifest = await eventually('the manifest', () => manifestOf('posts/mountains/'))
    assert.deepEqual(
      manifest.assets.map(({ url }) => url.replace(host.url, '')),
      ['img/dawn-ridges.jpg', 'img/mountain-lake.jpg', 'img/glacier-ice.jpg', 'img/canyon.jpg'],
    )
    await eventually('the other manifests', async () => {
      const all = await versions()
      return all.includes(undefined) ? undefined : all
    })
    assert.deepEqual((await publish()).changes?.current, urlsOf(posts))
  })

  test('its feed names its posts, and they have the ids that are in the pages', async () => {
    const { entries, problems } = await readFeed(createReadStream(join(built, 'feed.xml')), {
      contentType: 'application/xml',
      url: `${host.url}feed.xml`,
      origins: [new URL(host.url).origin],
      now: Date.now(),
    })
    assert.deepEqual(problems, [])
    assert.deepEqual(
      entries.map(({ url, title }) => [url, title]),
      [
        [`${host.url}posts/words/`, 'A post without pictures'],
        [`${host.url}posts/sands/`, 'Sands'],
        [`${host.url}posts/mountains/`, 'Mountains & lakes'],
      ],
    )
    const html = await readFile(join(built, 'posts/sands/index.html'), 'utf8')
    assert.ok(html.includes(`"post":"${postIdOf(new URL(entries[1]?.url ?? ''))}"`))
  })

  test('readers get complete pages, are measured, and help each other through the worker', async () => {
    const browsers = await Promise.all([launchChromium(), launchChromium()])
    closers.push(...browsers.map((browser) => () => browser.close()))
    const url = `${host.url}posts/mountains/`
    const [first, second] = await Promise.all(
      browsers.map((browser, i) =>
        createReader(browser, { country: 'Japan', address: `133.11.0.${i + 1}` }, url),
      ),
    )
    assert.ok(first && second)
    closers.push(
      () => first.close(),
      () => second.close(),
    )
    await first.read()
    await second.page.goto(url)
    await second.page.waitForFunction(() => (window.peerpress?.delivery?.()?.peers ?? 0) > 0)
    await second.scroll()
    await Promise.all([first, second].map(assertComplete))
    const worker = await second.page.evaluate(() => navigator.serviceWorker.controller?.scriptURL)
    assert.equal(worker, `${host.url}peerpress-worker.js`)
    const delivery = await second.page.evaluate(() => window.peerpress?.delivery?.())
    assert.ok((delivery?.bytes.peer ?? 0) > 0, JSON.stringify(delivery))
    assert.equal(delivery?.assets.failed, 0)
    await Promise.all([first, second].map((reader) => reader.leave()))
    const client = graphqlClient(server.url, await server.token())
    const question = `query($site: String!, $post: String!, $range: RangeInput!) {
      site(siteId: $site) { post(postId: $post) { report(range: $range) { totals { views delivery { bytes { peer } } } } } }
    }`
    const now = Date.now()
    const range = {
      from: new Date(now - 3_600_000).toISOString(),
      to: new Date(now + 3_600_000).toISOString(),
    }
    interface Answer {
      readonly site: {
        post: { report: { totals: { views: number; delivery: { bytes: { peer: number } } } } }
      }
    }
    const totals = await eventually('the report', async () => {
      const { site } = await client.query<Answer>(question, {
        site: siteId,
        post: postOf('posts/mountains/'),
        range,
      })
      const { totals: all } = site.post.report
      return all.views === 2 && all.delivery.bytes.peer > 0 ? all : undefined
    })
    assert.equal(totals.views, 2)
  })

  test('a build and a deploy that change nothing but times and entity tags publish nothing', async () => {
    const earlier = await versions()
    await build()
    await publish()
    await deploy()
    assert.deepEqual((await publish()).changes, {
      current: urlsOf(posts),
      requested: [],
      waiting: [],
      removed: [],
      isUnreachable: false,
    })
    assert.deepEqual(await versions(), earlier)
  })

  test('a changed page and a changed picture publish their posts, and no others', async () => {
    const earlier = await versions()
    const page = join(built, 'posts/sands/index.html')
    await writeFile(page, (await readFile(page, 'utf8')).replace('<h1>', '<h1>New: '))
    await publish()
    // Bytes after the end of a JPEG are ignored.
    await appendFile(join(built, 'img/agate.jpg'), 'changed')
    await deploy()
    const { changes } = await publish()
    assert.deepEqual(changes?.requested, urlsOf(['about.html', 'posts/sands/']))
    assert.deepEqual(changes?.current, urlsOf(['', 'posts/mountains/']))
    await eventually('the new versions', async () => {
      const [about = 0, , , sands = 0] = await versions()
      return about > (earlier[0] ?? 0) && sands > (earlier[3] ?? 0) ? true : undefined
    })
    assert.deepEqual((await publish()).changes?.current, urlsOf(posts))
  })

  test('a worker that browsers would not take is reported', async () => {
    const worker = '/peerpress-worker.js'
    host.types.set(worker, 'application/octet-stream')
    assert.equal((await publish()).workerProblem, 'wrong-type')
    host.types.clear()
    host.gone.add(worker)
    assert.equal((await publish()).workerProblem, 'missing')
    host.gone.clear()
    assert.equal((await publish()).workerProblem, null)
  })

  test('a page that was removed, and one that lost its pictures, are revoked after the deploy', async () => {
    await rm(join(built, 'posts/sands'), { recursive: true })
    const about = join(built, 'about.html')
    await writeFile(about, (await readFile(about, 'utf8')).replace(/<img [^>]*>/, ''))
    assert.deepEqual((await publish()).changes?.removed, [])
    await deploy()
    host.gone.add('/posts/sands/')
    const { removed = [], current } = (await publish()).changes ?? {}
    assert.deepEqual([...removed].toSorted(), urlsOf(['about.html', 'posts/sands/']))
    assert.deepEqual(current, urlsOf(['', 'posts/mountains/']))
    await eventually('the revocations', async () => {
      const manifests = await Promise.all(posts.map(manifestOf))
      const revoked = manifests.map((manifest) => manifest?.revoked)
      return isDeepStrictEqual(revoked, [true, false, false, true]) ? true : undefined
    })
    assert.deepEqual((await publish()).changes?.removed, [])
  })

  test('a site that cannot be reached waits', async () => {
    await appendFile(join(built, 'img/open-sea.jpg'), 'again')
    await host.close()
    closers.splice(1, 1)
    const { changes } = await publish()
    assert.deepEqual(changes?.waiting, urlsOf(['']))
  })
})

async function assertComplete({ page }: Reader): Promise<void> {
  const widths = await page.$$eval('main img', (all) => all.map((image) => image.naturalWidth))
  assert.deepEqual(widths, [1600, 1600, 1600, 1600])
}
