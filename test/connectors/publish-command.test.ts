import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { graphqlClient } from '@peerpress/cli'
import { startPublishedOrigin } from '../support/browser/published-origin.ts'
import { eventually } from '../support/eventually.ts'
import { addSite } from '../support/server/add-site.ts'
import { type CommandOutcome, peerpress } from '../support/server/peerpress.ts'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'

const page = '<!doctype html><html><body><img src="/a.jpg"></body></html>\n'

describe('the command "publish"', { timeout: 120_000 }, () => {
  let server: ServerProcess
  let directory: string
  let siteId: string

  before(async () => {
    server = await startServerProcess()
    directory = await mkdtemp(join(tmpdir(), 'peerpress-publish-'))
    await writeFile(join(directory, 'index.html'), page)
    siteId = (await addSite(server, 'http://127.0.0.1:9/')).siteId
  })
  after(async () => {
    await server.close()
    await rm(directory, { recursive: true, force: true })
  })

  const publish = (...words: string[]): Promise<CommandOutcome> =>
    peerpress('publish', ...words, '--server', server.url, '--data', server.dataDirectory)
  const add = async (url: string) => (await addSite(server, url)).siteId

  async function assertRefused(words: readonly string[], expected: RegExp, exitCode = 2): Promise<void> {
    const { code, stderr } = await publish(...words)
    assert.match(stderr, expected)
    assert.equal(code, exitCode)
    assert.deepEqual(await readdir(directory), ['index.html'])
    assert.equal(await readFile(join(directory, 'index.html'), 'utf8'), page)
  }

  test('refuses words that it does not understand', async () => {
    await assertRefused([siteId], /say "publish SITE DIR" or "publish SITE URL --post ID"/)
    await assertRefused([siteId, 'http://127.0.0.1:9/'], /--post ID/)
    await assertRefused([siteId, directory, '--post', '1'], /--post belongs to a URL/)
    await assertRefused(
      [siteId, directory, '--control', '51'],
      /--control is "51"; write a whole number from 0 to 50/,
    )
    await assertRefused([siteId, directory, '--public', 'peerpress'], /"peerpress" is no address of a server/)
  })

  test('refuses a folder that is missing, and a site that is unknown', async () => {
    await assertRefused([siteId, join(directory, 'missing')], /is no folder that can be read/)
    await assertRefused([siteId, join(directory, 'index.html')], /is no folder that can be read/)
    await assertRefused(['aaaaaaaaaaaaaaaa', directory], /has no site aaaaaaaaaaaaaaaa/, 1)
  })

  test('refuses a folder without a first page, because it may be the folder of the sources', async () => {
    const sources = await mkdtemp(join(tmpdir(), 'peerpress-sources-'))
    await writeFile(join(sources, 'layout.html'), page)
    const { code, stderr } = await publish(siteId, sources)
    assert.equal(code, 2)
    assert.match(stderr, /has no index\.html: name the folder that the site is deployed from/)
    assert.deepEqual(await readdir(sources), ['layout.html'])
    await rm(sources, { recursive: true })
  })

  test('writes the texts of the notice, and refuses texts that no reader would see', async () => {
    const id = await add('http://127.0.0.1:9/notice')
    const texts = await mkdtemp(join(tmpdir(), 'peerpress-notice-'))
    const file = join(texts, 'notice.json')
    await writeFile(file, JSON.stringify({ text: 'Leser helfen einander.', accept: 'Gut' }))
    await assertRefused(
      [id, directory, '--notice', file],
      /consent policy is "assumed", which shows no notice/,
    )
    const words = ['site', 'policy', id, '--mode', 'full', '--consent', 'notice']
    const { code } = await peerpress(...words, '--server', server.url, '--data', server.dataDirectory)
    assert.equal(code, 0)
    await writeFile(join(texts, 'wrong.json'), JSON.stringify({ txt: 'a' }))
    await assertRefused([id, directory, '--notice', join(texts, 'wrong.json')], /has no texts of a notice/)
    const built = join(texts, 'built')
    await mkdir(built)
    await writeFile(join(built, 'index.html'), page)
    assert.equal((await publish(id, built, '--notice', file)).code, 0)
    const html = await readFile(join(built, 'index.html'), 'utf8')
    assert.match(
      html,
      /"notice":\{"text":"Leser helfen einander\.","accept":"Gut","script":"[^"]*\/notice\.js"\}/,
    )
    assert.match(html, /"worker":"\/notice\/peerpress-worker\.js","scope":"\/notice\/"/)
    await rm(texts, { recursive: true })
  })

  test('refuses a server that readers of the site cannot reach', async () => {
    const id = await add('https://blog.example/')
    await assertRefused(
      [id, directory],
      /cannot reach http:\/\/127\.0\.0\.1:\d+: name the server's public address/,
    )
    await assertRefused([id, directory, '--public', 'http://peerpress.example'], /needs https/)
  })

  test('writes the address of the server for readers, and reports what is left out and what comes next', async () => {
    const id = await add('https://other.example/')
    await writeFile(join(directory, 'open.html'), '<!doctype html><body><img src=/a.jpg><!-- never closed')
    await writeFile(join(directory, 'wide.html'), Buffer.from('\ufeff<!doctype html><body>a', 'utf16le'))
    // The host does not exist, so nothing is deployed.
    const { code, stderr } = await publish(id, directory, '--public', 'https://peerpress.example')
    assert.equal(code, 0, stderr)
    assert.match(stderr, /^✓ 1 pages, 1 of them with media\n/)
    assert.match(stderr, /^✓ 2 files written\n/m)
    assert.match(stderr, /^✗ 1 are in UTF-16: build them in UTF-8: wide\.html\n/m)
    assert.match(stderr, /^✗ 1 end in an open comment, script or text area: close it: open\.html\n/m)
    assert.match(
      stderr,
      /^→ 1 posts wait: the site cannot be reached\. Deploy the folder, then run the same command again/m,
    )
    const html = await readFile(join(directory, 'index.html'), 'utf8')
    assert.match(html, /"server":"https:\/\/peerpress\.example"/)
    assert.match(html, /<script defer src="https:\/\/peerpress\.example\/v1\/visitor\.js"/)
    assert.match(html, /"mode":"full","consent":"assumed"/)
    assert.match(html, /"control":0\.05/)
    assert.ok(!html.includes(server.url))
  })

  test("does not replace a file of the site's own that has the worker's name", async () => {
    await writeFile(join(directory, 'peerpress-worker.js'), 'mine')
    const { code, stderr } = await publish(siteId, directory)
    assert.equal(code, 1)
    assert.match(stderr, /^✗ peerpress-worker\.js is a file of the site's own: rename it/)
    assert.equal(await readFile(join(directory, 'peerpress-worker.js'), 'utf8'), 'mine')
  })

  test('publishes one page of a site that names its posts itself', async () => {
    const origin = await startPublishedOrigin()
    try {
      const id = await add(origin.url)
      const { code, stdout } = await publish(id, `${origin.url}/post/a/`, '--post', '7', '--json')
      assert.equal(code, 0)
      assert.deepEqual(JSON.parse(stdout), { accepted: true })
      const client = graphqlClient(server.url, await server.token())
      await eventually('the publication', async () => {
        const { site } = await client.query<{ site: { post: { assetCount: number } | null } }>(
          `{ site(siteId: "${id}") { post(postId: "7") { assetCount } } }`,
        )
        return site.post?.assetCount === 2 ? true : undefined
      })
    } finally {
      await origin.close()
    }
  })
})
