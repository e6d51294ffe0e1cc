import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { after, before, describe, test } from 'node:test'
import { graphqlClient, repositoryDirectory } from '@peerpress/cli'
import { addSite } from '../support/server/add-site.ts'
import { type BackupProxy, startBackupProxy } from '../support/server/backup-proxy.ts'
import { eventually } from '../support/eventually.ts'
import { peerpress } from '../support/server/peerpress.ts'
import { type PublishedOrigin, startPublishedOrigin } from '../support/browser/published-origin.ts'
import { postBeacon, sampleBeacon } from '../support/data/sample-beacon.ts'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'

interface BackupIndex {
  readonly files: { readonly path: string; readonly size: number; readonly sha256: string }[]
}

describe('backup and restore with faults', { timeout: 600_000 }, () => {
  let root: string
  let origin: PublishedOrigin
  let server: ServerProcess
  let proxy: BackupProxy
  let siteId: string
  const children: ChildProcess[] = []
  const place = (name: string) => join(root, name)
  const throughProxy = () => ['--server', proxy.url, '--data', server.dataDirectory]

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'peerpress-backup-faults-'))
    origin = await startPublishedOrigin()
    server = await startServerProcess()
    siteId = (await addSite(server, `${origin.url}/`)).siteId
    const client = graphqlClient(server.url, await server.token())
    const mutation = 'mutation($input: PostPublishInput!) { postPublish(input: $input) { accepted } }'
    await client.query(mutation, { input: { siteId, postId: 'one', url: `${origin.url}/post/one/` } })
    const beacon = sampleBeacon(siteId, { url: `${origin.url}/post/one/` })
    const sent = await postBeacon({ server: server.url, beacon, origin: origin.url })
    assert.equal(sent.status, 204)
    await eventually('a manifest', async () => {
      const { ok } = await fetch(`${server.url}/v1/sites/${siteId}/posts/one/manifest`)
      return ok || undefined
    })
    proxy = await startBackupProxy(server.url, 200_000)
  })
  after(async () => {
    for (const child of children) child.kill('SIGKILL')
    await proxy.close()
    await server.close()
    await origin.close()
    await rm(root, { recursive: true, force: true })
  })

  function begin(...words: readonly string[]): ChildProcess {
    const main = fileURLToPath(new URL('packages/cli/src/main.ts', repositoryDirectory))
    const child = spawn(process.execPath, [main, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
    children.push(child)
    return child
  }

  /** A restore has begun to write. */
  function marked(data: string): Promise<true> {
    const mark = join(data, 'restore-incomplete')
    return eventually('the first file of a restore', () =>
      access(mark)
        .then(() => true as const)
        .catch(() => undefined),
    )
  }

  /** Runs a command that must fail with one line. */
  async function fails(pattern: RegExp, ...words: readonly string[]): Promise<void> {
    const { code, stderr } = await peerpress(...words)
    const problem = stderr.split('\n').filter((line) => line.startsWith('✗'))
    assert.deepEqual([code, problem.length], [1, 1], stderr)
    assert.match(problem[0] ?? '', pattern)
    assert.ok(!stderr.includes('    at '), stderr)
  }

  test('nobody but the operator gets a backup, and nobody two at a time', async () => {
    const url = new URL('/v1/backup', server.url)
    for (const authorization of ['', `Bearer ${'0'.repeat(64)}`]) {
      const { status } = await fetch(url, { method: 'POST', headers: { authorization } })
      assert.equal(status, 401)
    }
    const headers = { authorization: `Bearer ${await server.token()}` }
    assert.equal((await fetch(url, { headers })).status, 404)
    const first = request(url, { method: 'POST', headers }).end()
    const [answer] = await once(first, 'response')
    const second = await fetch(url, { method: 'POST', headers })
    assert.equal(second.status, 409)
    assert.equal(((await second.json()) as { code: string }).code, 'backup-running')
    ;(answer as NodeJS.ReadableStream & { destroy(): void }).destroy()
    await eventually('that the one that went away is forgotten', async () => {
      const staged = await readdir(server.dataDirectory)
      return staged.includes('backup-staging') ? undefined : true
    })
  })

  test('what was killed is no backup; Ctrl-C leaves nothing', async () => {
    proxy.fault = 'stalls'
    const killed = place('killed')
    const child = begin('backup', killed, ...throughProxy())
    await proxy.happened.promise
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
    assert.deepEqual(await readdir(killed), ['incomplete'])
    await fails(/killed is no whole backup/, 'restore', killed, '--data', place('of-killed'))
    await assert.rejects(access(place('of-killed')))
    await fails(/has a backup that did not end/, 'backup', killed, ...throughProxy())

    proxy.happened = Promise.withResolvers()
    const stopped = begin('backup', place('stopped'), ...throughProxy())
    await proxy.happened.promise
    stopped.kill('SIGINT')
    const [[code], stderr] = await Promise.all([
      once(stopped, 'exit'),
      textOf(stopped.stderr ?? assert.fail()),
    ])
    assert.equal(code, 130, stderr)
    await assert.rejects(access(place('stopped')))
  })

  for (const [fault, pattern] of [
    ['breaks', /backup broke off|not whole/],
    ['ends', /backup broke off|not whole/],
    ['changes', /changed on its way|broke off|not whole/],
  ] as const) {
    test(`a backup that ${fault} on its way leaves nothing`, async () => {
      proxy.fault = fault
      const directory = place(`faulty-${fault}`)
      await mkdir(directory)
      await fails(pattern, 'backup', directory, ...throughProxy())
      assert.deepEqual(await readdir(directory), [])
    })
  }

  test('a folder that is not empty is left as it is', async () => {
    await mkdir(place('full'))
    await writeFile(join(place('full'), 'mine'), 'mine')
    await fails(/is not empty \(it has mine\)/, 'backup', place('full'), ...throughProxy())
    assert.deepEqual(await readdir(place('full')), ['mine'])
    await fails(
      /no server answers/,
      'backup',
      place('nowhere'),
      '--server',
      'http://127.0.0.1:9',
      '--data',
      server.dataDirectory,
    )
    await fails(/there is no installation/, 'backup', place('nothing'), '--data', place('no-data'))
    for (const name of ['nowhere', 'nothing', 'no-data']) await assert.rejects(access(place(name)))
  })

  test('a damaged asset is named, and there is no backup without it', async () => {
    const envelope = (await (await fetch(`${server.url}/v1/sites/${siteId}/posts/one/manifest`)).json()) as {
      payload: string
    }
    const { assets } = JSON.parse(Buffer.from(envelope.payload, 'base64').toString()) as {
      assets: { id: string }[]
    }
    const id = assets[1]?.id ?? assert.fail('no asset')
    const file = join(server.dataDirectory, 'assets', id.slice(0, 2), id.slice(2))
    const whole = await readFile(file)
    const damaged = Buffer.from(whole)
    damaged[1000] = (damaged[1000] ?? 0) ^ 1
    const direct = ['--server', server.url, '--data', server.dataDirectory]
    await writeFile(file, damaged)
    await fails(/broke off/, 'backup', place('of-damaged'), ...direct)
    assert.ok(server.printed().some((line) => line.includes(`asset ${id} is damaged`)))
    await rm(file)
    await fails(new RegExp(`asset ${id} is missing`), 'backup', place('of-missing'), ...direct)
    await writeFile(file, whole)
    for (const name of ['of-damaged', 'of-missing']) await assert.rejects(access(place(name)))
  })

  describe('a backup of a server that was stopped', () => {
    const directory = () => place('offline')
    before(async () => {
      await server.stop()
      const { code, stderr } = await peerpress('backup', directory(), '--data', server.dataDirectory)
      assert.equal(code, 0, stderr)
      await server.restart()
    })

    test('is whole, and restores a server', async () => {
      const check = await peerpress('restore', directory(), '--check', '--json')
      assert.equal(check.code, 0, check.stderr)
      const { files } = JSON.parse(await readFile(join(directory(), 'backup.json'), 'utf8')) as BackupIndex
      assert.equal((JSON.parse(check.stdout) as { files: number }).files, files.length)
      const data = place('of-offline')
      const { code, stderr } = await peerpress('restore', directory(), '--data', data)
      assert.equal(code, 0, stderr)
      const restored = await startServerProcess({}, data)
      try {
        const report = await peerpress('report', siteId, '--server', restored.url, '--data', data, '--json')
        assert.equal((JSON.parse(report.stdout) as { totals: { views: number } }).totals.views, 1)
      } finally {
        await restored.stop()
      }
    })

    test('a damaged one is refused with the name of the file, before anything is written', async () => {
      const copy = place('damaged')
      await cp(directory(), copy, { recursive: true })
      const index = JSON.parse(await readFile(join(copy, 'backup.json'), 'utf8')) as BackupIndex
      const { path } = index.files.find(({ path: each }) => each.endsWith('data.bin')) ?? assert.fail()
      const bytes = await readFile(join(copy, path))
      bytes[10] = (bytes[10] ?? 0) ^ 1
      await writeFile(join(copy, path), bytes)
      const data = place('never')
      await fails(new RegExp(`damaged: .*${path} has other bytes`), 'restore', copy, '--data', data)
      await assert.rejects(access(data))
    })

    test('a restore that is stopped by Ctrl-C leaves nothing', async () => {
      const data = place('stopped-restore')
      const child = begin('restore', directory(), '--data', data)
      const gone = once(child, 'exit')
      await marked(data)
      child.kill('SIGINT')
      const [code] = await gone
      assert.equal(code, 130)
      await assert.rejects(access(data))
    })

    test('a restore that was killed is never started', async () => {
      const data = place('half')
      const child = begin('restore', directory(), '--data', data)
      const gone = once(child, 'exit')
      await marked(data)
      child.kill('SIGKILL')
      await gone
      assert.ok((await readdir(data)).includes('restore-incomplete'))
      await fails(/a restore into .*half did not end/, 'start', '--no-build', '--port', '0', '--data', data)
      await fails(/a restore into .*half did not end/, 'migrate', '--data', data)
      await fails(/a restore into .*half did not end/, 'backup', place('of-half'), '--data', data)
      await fails(/has a restore that did not end/, 'restore', directory(), '--data', data)
    })
  })
})
