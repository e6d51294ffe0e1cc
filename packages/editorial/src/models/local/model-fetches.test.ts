import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, describe, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createLocalModels, type LocalModels } from './local-models.ts'
import type { ModelFetch, ModelFetchRequest } from './model-fetches.ts'
import { tinyGguf } from './tiny-gguf.testing.ts'

describe('fetching a local model', { timeout: 120_000 }, () => {
  const file = tinyGguf(() => 0.5)
  const sha256 = createHash('sha256').update(file).digest('hex')
  let directory: string
  let models: LocalModels
  let server: Server
  let answer: RequestListener
  /** The ranges that were requested. */
  let ranges: (string | undefined)[]

  before(async () => {
    server = createServer((request, response) => {
      ranges.push(request.headers.range)
      answer(request, response)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  afterEach(async () => {
    await models.close()
    await rm(directory, { recursive: true, force: true })
  })

  const open = async (given: RequestListener) => {
    answer = given
    ranges = []
    directory = await mkdtemp(join(tmpdir(), 'peerpress-models-'))
    models = createLocalModels(directory)
  }
  const begin = (given: Partial<ModelFetchRequest> = {}) =>
    models.beginFetching({
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/model`,
      name: 'model.gguf',
      sha256,
      allowPrivateAddresses: true,
      ...given,
    })
  /** The fetch once it is not running any more; null: the file is complete. */
  const ended = async (): Promise<ModelFetch | null> => {
    for (;;) {
      const { fetches, files } = await models.state()
      if (files.some(({ name }) => name === 'model.gguf')) return null
      const stopped = fetches.find(({ isRunning }) => !isRunning)
      if (stopped !== undefined) return stopped
      await nextTurn()
    }
  }
  /** Answers a range, and the first bytes of the whole file, which then waits for more. */
  const sendsBegin =
    (bytes: number): RequestListener =>
    ({ headers }, response) => {
      const start = Number(/bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0)
      const range = { 'content-range': `bytes ${start}-${file.length - 1}/${file.length}` }
      const head = { 'content-length': file.length - start, ...(start > 0 && range) }
      response.writeHead(start > 0 ? 206 : 200, head)
      if (start > 0) response.end(file.subarray(start))
      else response.write(file.subarray(0, bytes))
    }
  const untilStored = async (bytes: number) => {
    while ((await models.state()).fetches[0]?.bytes !== bytes) await nextTurn()
  }

  test('stores it with its hash, and a broken connection continues where it ended', async () => {
    await open(sendsBegin(100_000))
    begin()
    await untilStored(100_000)
    server.closeAllConnections()
    assert.equal(await ended(), null)
    assert.deepEqual(await readFile(join(directory, 'model.gguf')), file)
    assert.deepEqual(await models.state().then(({ files }) => files), [
      { name: 'model.gguf', bytes: file.length },
    ])
    assert.equal(ranges[0], undefined)
    assert.equal(ranges[1], 'bytes=100000-')
    assert.deepEqual(await readdir(directory), ['model.gguf'])
  })

  test('continues after a restart of the server, and shows what is there until then', async () => {
    await open(sendsBegin(50_000))
    begin()
    await untilStored(50_000)
    assert.deepEqual((await models.state()).fetches[0]?.totalBytes, file.length)
    await models.close()
    models = createLocalModels(directory)
    const [interrupted] = (await models.state()).fetches
    assert.deepEqual([interrupted?.name, interrupted?.isRunning], ['model.gguf', false])
    assert.equal(interrupted?.bytes, 50_000)
    begin()
    assert.equal(await ended(), null)
    assert.equal(ranges.at(-1), 'bytes=50000-')
    assert.deepEqual(await readFile(join(directory, 'model.gguf')), file)
  })

  test('begins anew when the server knows no ranges, or when another file is fetched under the name', async () => {
    await open((_request, response) => response.end(file))
    await mkdir(directory, { recursive: true })
    await writeFile(join(directory, 'model.gguf.part'), 'the beginning of another file')
    await writeFile(join(directory, 'model.gguf.source.json'), JSON.stringify({ url: 'x', sha256 }))
    begin()
    assert.equal(await ended(), null)
    assert.match(ranges[0] ?? '', /^bytes=29-$/)
    assert.deepEqual(await readFile(join(directory, 'model.gguf')), file)
    await models.remove('model.gguf')
    await writeFile(join(directory, 'model.gguf.part'), 'of another hash')
    begin()
    assert.equal(await ended(), null)
    assert.equal(ranges.at(-1), undefined)
  })

  test('removes a file with another hash, and one that is no model', async () => {
    await open((_request, response) => response.end(file))
    begin({ sha256: '0'.repeat(64) })
    assert.match((await ended())?.problem ?? '', /not the one with this SHA-256/)
    assert.deepEqual(await readdir(directory), [])
    const page = '<!doctype html><title>Sign in</title>'
    answer = (_request, response) => response.end(page)
    begin({ sha256: createHash('sha256').update(page).digest('hex') })
    assert.match((await ended())?.problem ?? '', /no GGUF file/)
    assert.deepEqual(await readdir(directory), [])
  })

  test(
    'says that the disk is full, and keeps what is there',
    { skip: process.platform !== 'linux' },
    async () => {
      await open((_request, response) => response.end(file))
      // Each byte that is written to it fails as on a full disk.
      await symlink('/dev/full', join(directory, 'model.gguf.part'))
      await writeFile(join(directory, 'model.gguf.source.json'), JSON.stringify({ url: 'x', sha256 }))
      begin()
      assert.match((await ended())?.problem ?? '', /disk is full/)
      answer = (_request, response) => response.writeHead(200, { 'content-length': 2 ** 47 }).flushHeaders()
      await rm(join(directory, 'model.gguf.part'))
      begin()
      const { problem } = (await ended()) ?? {}
      assert.match(problem ?? '', /needs \d+ MiB more/)
    },
  )

  test('refuses private addresses, errors and redirects to them, and never waits for ever', async () => {
    await open((_request, response) => response.writeHead(404).end())
    begin()
    assert.match((await ended())?.problem ?? '', /status 404/)
    begin({ allowPrivateAddresses: false })
    assert.match((await ended())?.problem ?? '', /https/)
    begin({ allowPrivateAddresses: false, url: 'https://127.0.0.1/model' })
    assert.match((await ended())?.problem ?? '', /no public address/)
    answer = (_request, response) => response.writeHead(302, { location: '/again' }).end()
    begin()
    assert.match((await ended())?.problem ?? '', /redirects more than 5 times/)
  })

  test('ends when it is removed', async () => {
    await open(sendsBegin(1000))
    begin()
    await untilStored(1000)
    assert.equal(await models.remove('model.gguf'), true)
    assert.deepEqual(await readdir(directory), [])
    assert.equal(await models.remove('model.gguf'), false)
    assert.equal(await models.remove('../model.gguf'), false)
  })
})
