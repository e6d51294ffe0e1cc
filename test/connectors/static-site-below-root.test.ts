import assert from 'node:assert/strict'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { launchChromium } from '@peerpress/testbed'
import { eventually } from '../support/eventually.ts'
import { openLocalName } from '../support/local-names.ts'
import { addSite } from '../support/server/add-site.ts'
import { peerpress } from '../support/server/peerpress.ts'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'
import { type StaticHost, startStaticHost } from '../support/server/static-host.ts'

describe('a static site in a folder of its host', { timeout: 120_000 }, () => {
  let root: string
  let host: StaticHost
  let server: ServerProcess
  const closers: (() => Promise<unknown>)[] = []

  before(async () => {
    await openLocalName('folder.localhost')
    root = await mkdtemp(join(tmpdir(), 'peerpress-folder-'))
    closers.push(() => rm(root, { recursive: true, force: true }))
    host = await startStaticHost(join(root, 'deployed'), 'folder.localhost')
    closers.push(() => host.close())
    server = await startServerProcess()
    closers.push(() => server.close())
  })
  after(async () => {
    for (const close of closers.toReversed()) await close()
  })

  test('is published, and its worker controls its pages and no others of the host', async () => {
    const built = join(root, 'built')
    await mkdir(built)
    await writeFile(
      join(built, 'index.html'),
      '<!doctype html><body><h1>Blog</h1><img src="a.jpg" alt=""></body>',
    )
    await writeFile(join(built, 'a.jpg'), Buffer.alloc(100_000, 7))
    // `/blog` and `/blog/` are the same site.
    const { siteId } = await addSite(server, `${host.url}blog`)
    const publish = async () => {
      const common = ['--server', server.url, '--data', server.dataDirectory, '--control', '0', '--json']
      const { code, stdout, stderr } = await peerpress('publish', siteId, built, ...common)
      assert.equal(code, 0, stderr)
      return JSON.parse(stdout) as {
        changes: { current: readonly string[]; requested: readonly string[] }
        workerProblem: string | null
      }
    }
    const page = `${host.url}blog/`
    await publish()
    await cp(built, join(root, 'deployed/blog'), { recursive: true })
    await writeFile(join(root, 'deployed/index.html'), '<!doctype html><body>The root</body>')
    const { changes, workerProblem } = await publish()
    assert.deepEqual([changes.requested, workerProblem], [[page], null])
    await eventually('the publication', async () =>
      (await publish()).changes.current.includes(page) ? true : undefined,
    )
    const browser = await launchChromium()
    closers.push(() => browser.close())
    const tab = await browser.newPage()
    await tab.goto(page)
    await tab.waitForFunction(() => navigator.serviceWorker.controller !== null)
    const controller = () => tab.evaluate(() => navigator.serviceWorker.controller?.scriptURL ?? null)
    assert.equal(await controller(), `${page}peerpress-worker.js`)
    assert.equal(await tab.evaluate(() => window.peerpress?.arm), 'assisted')
    await tab.goto(host.url)
    assert.equal(await controller(), null)
  })
})
