import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { decodePageConfig, encodeBase64Url, type PageConfig } from '@peerpress/wire'
import { canonicalUrl, postIdOf } from '../canonical-url.ts'
import { openFolder } from './folder.ts'
import { type ReadBuiltPage, type StaticSite, writeFolder } from './write-folder.ts'

const server = 'https://peerpress.example'
const config: StaticSite['config'] = {
  site: 'abcdefgh01234567',
  server,
  key: encodeBase64Url(new Uint8Array(32)),
  mode: 'full',
  consent: 'required',
  control: 0.05,
  scripts: { rum: `${server}/v1/rum.js`, swarm: `${server}/v1/swarm.js` },
}
const site: StaticSite = {
  home: 'https://a.example/',
  origins: ['https://a.example'],
  config,
  loader: `${server}/v1/visitor.js`,
  worker: 'self.onfetch = null\n',
}
const idOf = (path: string) => postIdOf(canonicalUrl(`https://a.example${path}`) as URL)

/** Stands for the server's reader: it finds pictures with a quoted address, and the configuration. */
const readPage: ReadBuiltPage = ({ html }) => {
  const text = Buffer.from(html).toString()
  const json = /<script type="application\/json" id="peerpress-config"[^>]*>([^<]*)</.exec(text)?.[1]
  return {
    media: Array.from(text.matchAll(/<img src="([^"]*)"/g), ([, url = '']) => url),
    offer: json === undefined ? null : decodePageConfig(json),
  }
}

describe('writing into the folder of a built site', () => {
  let directory: string

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'peerpress-static-'))
    await put('index.html', '<!doctype html><body>Home</body>')
    await put('posts/one/index.html', '<!doctype html><body><img src="/a.jpg"></body>')
    await put('a.jpg', 'picture')
    await put('feed.xml', '<feed/>')
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))

  async function put(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(directory, path)), { recursive: true })
    await writeFile(join(directory, path), text)
  }
  const textOf = (path: string) => readFile(join(directory, path), 'utf8')
  async function write(
    change: {
      readonly isDryRun?: boolean
      readonly site?: StaticSite
      readonly readPage?: ReadBuiltPage
    } = {},
  ) {
    const progress: number[] = []
    const folder = await openFolder(directory)
    const options = { folder, site, readPage, isDryRun: false, ...change }
    const result = await writeFolder({ ...options, onProgress: ({ pages }) => progress.push(pages) })
    return { ...result, progress }
  }
  async function configOf(path: string): Promise<PageConfig> {
    const json = /id="peerpress-config"[^>]*>([^<]*)</.exec(await textOf(path))?.[1]
    return decodePageConfig(json ?? '')
  }

  test('a site below the root of its host has a worker for its own pages', async () => {
    const { posts } = await write({ site: { ...site, home: 'https://a.example/blog/' } })
    assert.deepEqual(
      posts.map(({ url, post }) => [url, post]),
      [['https://a.example/blog/posts/one/', idOf('/blog/posts/one/')]],
    )
    const { worker, scope } = await configOf('index.html')
    assert.deepEqual([worker, scope], ['/blog/peerpress-worker.js', '/blog/'])
  })

  test('pages get the configuration and the loader, and the root gets the worker', async () => {
    const { written, pages, posts, leftOut, progress } = await write()
    assert.deepEqual(written, ['peerpress-worker.js', 'index.html', 'posts/one/index.html'])
    assert.equal(pages, 2)
    assert.deepEqual(progress, [1, 2])
    assert.deepEqual(leftOut, [])
    const post = await configOf('posts/one/index.html')
    assert.deepEqual(post, { ...config, post: idOf('/posts/one/'), worker: '/peerpress-worker.js' })
    assert.equal((await configOf('index.html')).post, null)
    assert.match(
      await textOf('index.html'),
      /<script defer src="https:\/\/peerpress.example\/v1\/visitor.js"[^>]*><\/script>\n<\/body>$/,
    )
    assert.match(await textOf('peerpress-worker.js'), /^\/\/ [^\n]*PeerPress[^\n]*\nself.onfetch = null\n$/)
    const hash = createHash('sha256')
      .update(await readFile(join(directory, 'posts/one/index.html')))
      .digest()
    assert.equal(posts[0]?.snapshot, createHash('sha256').update(hash).digest('hex'))
    assert.equal(posts[0]?.url, 'https://a.example/posts/one/')
    assert.equal(await textOf('feed.xml'), '<feed/>')
    assert.equal(await textOf('a.jpg'), 'picture')
  })

  test('a second run changes nothing', async () => {
    const first = await write()
    const times = async () =>
      Promise.all(
        (await readdir(directory, { recursive: true })).map(async (path) => {
          const { mtimeNs, ino } = await stat(join(directory, path), { bigint: true })
          return [path, mtimeNs, ino]
        }),
      )
    const before = await times()
    const second = await write()
    assert.deepEqual(second.written, [])
    assert.deepEqual(second.posts, first.posts)
    assert.deepEqual(await times(), before)
  })

  test('a dry run writes nothing, and names the same files', async () => {
    const before = await readdir(directory, { recursive: true })
    const dry = await write({ isDryRun: true })
    assert.deepEqual(await readdir(directory, { recursive: true }), before)
    assert.equal(await textOf('index.html'), '<!doctype html><body>Home</body>')
    assert.deepEqual(dry.written, (await write()).written)
  })

  test('a change of the policy or of a page changes what it concerns', async () => {
    await write()
    const strict = { ...site, config: { ...config, mode: 'seeds-only' as const } }
    assert.deepEqual((await write({ site: strict })).written, ['index.html', 'posts/one/index.html'])
    assert.equal((await configOf('index.html')).mode, 'seeds-only')
    await put('index.html', '<!doctype html><body>New home</body>')
    assert.deepEqual((await write({ site: strict })).written, ['index.html'])
    assert.deepEqual((await write({ site: { ...strict, worker: 'new' } })).written, ['peerpress-worker.js'])
  })

  test('a page that lost its pictures is measured only', async () => {
    await write()
    const page = await textOf('posts/one/index.html')
    await put('posts/one/index.html', page.replace('<img src="/a.jpg">', ''))
    assert.deepEqual((await write()).posts, [])
    assert.equal((await configOf('posts/one/index.html')).post, null)
  })

  test('of two files with one address, the second is measured only', async () => {
    await put('posts/one.html', '<!doctype html><body><img src="/b.jpg"></body>')
    const { posts, leftOut } = await write()
    assert.deepEqual(
      posts.map(({ path }) => path),
      ['posts/one/index.html'],
    )
    assert.deepEqual(leftOut, [{ path: 'posts/one.html', reason: 'same-address' }])
    assert.equal((await configOf('posts/one.html')).post, null)
  })

  test('pages that cannot have the scripts stay as they are, each with its reason', async () => {
    const own = '<body><script type="application/json" id="peerpress-config">{"own":1}</script></body>'
    await put('part.html', '<p>part</p>')
    await put('own.html', own)
    await put('open.html', '<!doctype html><body><noscript>')
    await put('long.html', `<!doctype html>${' '.repeat(8 * 1024 * 1024)}`)
    const { leftOut } = await write()
    assert.deepEqual(leftOut, [
      { path: 'long.html', reason: 'too-long' },
      { path: 'open.html', reason: 'not-read-back' },
      { path: 'own.html', reason: 'own-configuration' },
      { path: 'part.html', reason: 'no-page' },
    ])
    assert.equal(await textOf('own.html'), own)
  })

  test('a page in which the server would not find the configuration stays as it is', async () => {
    const blind: ReadBuiltPage = () => ({ media: [], offer: null })
    const { leftOut, written } = await write({ readPage: blind })
    assert.deepEqual(written, ['peerpress-worker.js'])
    assert.deepEqual(
      leftOut.map(({ reason }) => reason),
      ['not-read-back', 'not-read-back'],
    )
    assert.equal(await textOf('index.html'), '<!doctype html><body>Home</body>')
  })

  test("a file of the site's own with the worker's name is not replaced, and no page is written", async () => {
    await put('peerpress-worker.js', 'mine')
    await assert.rejects(write(), { code: 'name-taken', message: /rename it/ })
    await rm(join(directory, 'peerpress-worker.js'))
    await put('peerpress-worker.js', ' '.repeat(2 * 1024 * 1024))
    await assert.rejects(write(), { code: 'name-taken' })
    assert.equal(await textOf('index.html'), '<!doctype html><body>Home</body>')
  })

  test('pages behind links stay as they are', async () => {
    const other = await mkdtemp(join(tmpdir(), 'peerpress-other-'))
    await writeFile(join(other, 'x.html'), '<!doctype html><body>x</body>')
    await symlink(other, join(directory, 'linked'))
    await symlink(join(other, 'x.html'), join(directory, 'x.html'))
    await write()
    assert.equal(await readFile(join(other, 'x.html'), 'utf8'), '<!doctype html><body>x</body>')
    await rm(other, { recursive: true })
  })
})
