import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { promisify } from 'node:util'
import { launchChromium } from '@peerpress/testbed'
import { ensureVisitorBundles } from '../support/browser/visitor-bundles.ts'
import { publishedPackage, writePackage } from '@peerpress/visitor/write-package'
import { encodePageConfig } from '@peerpress/wire'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { answering } from '../support/server/answering.ts'

const run = promisify(execFile)
const bundles = ['loader.js', 'notice.js', 'snapshot.js', 'swarm.js', 'worker.js']

suite('the package @peerpress/visitor, installed elsewhere', { timeout: 120_000 }, () => {
  let folder: string
  let installed: string

  before(async () => {
    await ensureVisitorBundles()
    await writePackage()
    folder = await mkdtemp(join(tmpdir(), 'peerpress-package-'))
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
      cwd: publishedPackage,
    })
    const [packed] = Object.values(JSON.parse(stdout) as Record<string, { readonly filename: string }>)
    assert.ok(packed)
    await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
    // Nothing is fetched, because the package has no dependencies.
    await run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder, packed.filename)], {
      cwd: folder,
    })
    installed = join(folder, 'node_modules/@peerpress/visitor')
  })
  after(() => rm(folder, { recursive: true, force: true }))

  test('has only the bundles, a README and a licence, and every export leads to a file', async () => {
    assert.deepEqual(
      (await readdir(installed)).toSorted(),
      ['LICENSE', 'README.md', ...bundles, 'package.json'].toSorted(),
    )
    const { messages, pkg } = await publint({ pkgDir: publishedPackage, pack: 'npm', strict: true })
    assert.deepEqual(
      messages.map((message) => formatMessage(message, pkg)),
      [],
    )
  })

  test('is found by its exports', async () => {
    const script = `for (const name of ${JSON.stringify(bundles)}) import.meta.resolve('@peerpress/visitor/' + name)`
    await writeFile(join(folder, 'resolve.js'), script)
    assert.deepEqual(await run(process.execPath, ['resolve.js'], { cwd: folder }), { stdout: '', stderr: '' })
  })

  test('takes part in a page of another site after the reader agreed', async () => {
    const site = await startSite(installed)
    const browser = await launchChromium()
    try {
      const page = await browser.newPage()
      const errors: unknown[] = []
      page.on('pageerror', (error) => errors.push(error))
      await page.goto(site.url)
      await page.waitForFunction(() => 'peerpress' in window)
      const registrations = () =>
        page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)
      assert.equal(await registrations(), 0)
      const manifest = page.waitForRequest((request) => request.url().endsWith('/manifest'))
      await page.evaluate(() => (window as unknown as { peerpress: Seam }).peerpress.consent(true))
      await manifest
      assert.equal(await registrations(), 1)
      assert.deepEqual(errors, [])
    } finally {
      await browser.close()
      await site.close()
    }
  })
})

interface Seam {
  consent(given: boolean): void
}

/** A site that hosts the installed files itself; its PeerPress server knows no post. */
async function startSite(files: string): Promise<{ url: string; close(): Promise<void> }> {
  const server: Server = createServer(
    answering(async (request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://site')
      if (pathname === '/') response.writeHead(200, { 'content-type': 'text/html' }).end(pageOf(server))
      else if (bundles.includes(pathname.slice(1)))
        response
          .writeHead(200, { 'content-type': 'text/javascript' })
          .end(await readFile(join(files, pathname.slice(1))))
      else response.writeHead(404).end()
    }),
  ).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: originOf(server),
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

function pageOf(server: Server): string {
  const origin = originOf(server)
  const { x: key = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })
  const config = encodePageConfig({
    site: 'abcdefgh01234567',
    post: '12',
    server: origin,
    key,
    mode: 'full',
    consent: 'required',
    control: 0,
    worker: '/worker.js',
    scripts: { rum: `${origin}/rum.js`, swarm: `${origin}/swarm.js` },
  })
  return `<!doctype html><title>A post</title><p>Text.</p>
    <script type="application/json" id="peerpress-config">${config}</script>
    <script defer src="/loader.js"></script>`
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
