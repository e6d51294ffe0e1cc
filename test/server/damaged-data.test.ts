import assert from 'node:assert/strict'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { graphqlClient } from '@peerpress/cli'
import { addSite } from '../support/server/add-site.ts'
import { eventually } from '../support/eventually.ts'
import { peerpress } from '../support/server/peerpress.ts'
import { postBeacon, sampleBeacon } from '../support/data/sample-beacon.ts'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'

const origin = 'http://127.0.0.1:8080'

describe('a server whose data are damaged', { timeout: 600_000 }, () => {
  let server: ServerProcess
  let siteId = ''
  /** Copies of the data of a server that had 200 views and stopped. */
  let root: string
  let sound: string
  let count = 0

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'peerpress-damaged-'))
    sound = join(root, 'sound')
    server = await startServerProcess()
    siteId = (await addSite(server, `${origin}/`)).siteId
    for (const views of [100, 200]) {
      const beacons = Array.from({ length: 100 }, () => sampleBeacon(siteId))
      const answers = await Promise.all(
        beacons.map((beacon) => postBeacon({ server: server.url, beacon, origin })),
      )
      assert.ok(answers.every(({ status }) => status === 204))
      await untilViews(views)
    }
    await server.stop()
    await cp(server.dataDirectory, sound, { recursive: true, verbatimSymlinks: true })
  })
  after(async () => {
    await server.close()
    await rm(root, { recursive: true, force: true })
  })

  const copy = async (damage: (directory: string) => Promise<unknown>): Promise<string> => {
    const directory = join(root, `copy-${count++}`)
    await cp(sound, directory, { recursive: true, verbatimSymlinks: true })
    await damage(directory)
    return directory
  }
  const views = async (): Promise<number | undefined> => {
    const { site } = await graphqlClient(server.url).query<{
      site: { report: { totals: { views: number } } } | null
    }>(
      'query($siteId: String!, $range: RangeInput!) { site(siteId: $siteId) { report(range: $range) { totals { views } } } }',
      { siteId, range: { from: new Date(Date.now() - 3_600_000), to: new Date(Date.now() + 3_600_000) } },
    )
    return site?.report.totals.views
  }
  const untilViews = (expected: number) =>
    eventually(`${expected} views in the report`, async () =>
      (await views()) === expected ? expected : undefined,
    )
  /** Puts the server on damaged data, without what it had before. */
  const restartOn = async (damage: (directory: string) => Promise<unknown>) => {
    await server.stop()
    const directory = await copy(damage)
    await rm(server.dataDirectory, { recursive: true })
    await cp(directory, server.dataDirectory, { recursive: true, verbatimSymlinks: true })
    const from = server.printed().length
    await server.restart()
    return () => server.printed().slice(from)
  }

  const refused: Readonly<Record<string, { damage: (at: string) => Promise<unknown>; says: RegExp }>> = {
    'its registry is gone': {
      damage: (at) => rm(join(at, 'registry'), { recursive: true }),
      says: /records .+ are missing: .+\/registry is empty or gone, beside data in .+\/store.+peerpress restore.+begin-anew/,
    },
    'its store is gone': {
      damage: (at) => rm(join(at, 'store'), { recursive: true }),
      says: /measurements are missing: .+\/store is empty or gone, beside data in .+\/registry.+begin-anew/,
    },
    'its Postgres files are damaged': {
      damage: (at) => writeFile(join(at, 'registry', 'postgres', 'global', 'pg_control'), ''),
      says: /registry is damaged: .+\/global\/pg_control is cut short .+peerpress restore/,
    },
    'a table of its store is gone': {
      damage: async (at) => rm(await folderOf(at, 'snapshots'), { recursive: true }),
      says: /measurements are damaged: .+ is missing: the table snapshots was there.+peerpress restore/,
    },
    'a folder is in the place of its operator token': {
      damage: async (at) => {
        await rm(join(at, 'operator-token'))
        await mkdir(join(at, 'operator-token'))
      },
      says: /EISDIR.+operator-token'\. A folder is where a file must be: move it away/,
    },
  }
  for (const [what, { damage, says }] of Object.entries(refused)) {
    test(`does not start when ${what}: one line says so, with the way out, and nothing is deleted`, async () => {
      const directory = await copy(damage)
      const found = await filesIn(directory)
      const start = await peerpress('start', '--no-build', '--port', '0', '--data', directory)
      assert.equal(start.code, 1)
      assert.equal(start.stdout, '')
      assert.equal(start.stderr.trimEnd().split('\n').length, 1, start.stderr)
      assert.match(start.stderr, says)
      const left = new Set(await filesIn(directory))
      assert.deepEqual(
        found.filter((path) => !left.has(path)),
        [],
      )
    })
  }

  test('starts without a part whose checksums are cut off, and says so, in /metrics and "doctor" too', async () => {
    const printed = await restartOn(async (at) => {
      const folder = await folderOf(at, 'snapshots')
      const part = (await readdir(folder)).find((name) => /^all_\d+/.test(name))
      await writeFile(join(folder, part ?? assert.fail(), 'checksums.txt'), '')
    })
    const left = (await views()) ?? assert.fail()
    assert.ok(left < 200)
    const notice = printed().find((line) => line.includes('damaged')) ?? assert.fail(printed().join('\n'))
    assert.match(notice, /reports leave out \d+ rows in 1 part \(.+\/detached\/broken-on-start_all_\S+\)/)
    const metrics = await (await fetch(`${server.url}/metrics`)).text()
    assert.match(metrics, /^peerpress_store_damaged_parts 1$/m)
    const data = await doctor(server.dataDirectory, '--server', server.url)
    assert.equal(data.code, 1)
    assert.match(data.problems['store-files'] ?? '', /broken-on-start_all_/)
    assert.deepEqual(Object.keys(data.problems), ['store-files'])
  })

  test('brings beacons that come after a segment that cannot be read', async () => {
    const name = '000000000000001-00000000-0123456789abcdef.log'
    const printed = await restartOn((at) => mkdir(join(at, 'beacons', name)))
    await postBeacon({ server: server.url, beacon: sampleBeacon(siteId), origin })
    await untilViews(201)
    assert.ok((await readdir(join(server.dataDirectory, 'beacons'))).includes(`${name}.unreadable`))
    const lines = printed().filter((line) => line.includes(name))
    assert.equal(lines.length, 1)
    assert.match(lines[0] ?? '', /was set aside \(it cannot be read\)/)
    const metrics = await (await fetch(`${server.url}/metrics`)).text()
    assert.match(metrics, /kind="segment-unreadable"\} 1$/m)
  })

  test('starts with all it had when its lock files hold garbage', async () => {
    const printed = await restartOn(async (at) => {
      for (const path of ['registry/owner.lock', 'store/lock', 'beacons/lock'])
        await writeFile(join(at, path), Buffer.alloc(5000, 'garbage'))
    })
    assert.equal(await views(), 200)
    assert.deepEqual(
      printed().filter(
        (line) => !/listens at|operator token are in|create the first administrator/.test(line),
      ),
      [],
    )
  })

  test('that runs well has no problem for "doctor", which asks it and tells people in lines', async () => {
    await restartOn(async () => undefined)
    const data = await doctor(server.dataDirectory, '--server', server.url)
    assert.deepEqual(data.problems, {})
    const { stdout } = await peerpress('doctor', '--data', server.dataDirectory, '--server', server.url)
    assert.match(stdout, /^registry-files +ok: the files are there/m)
    assert.match(stdout, /^server +ok: http:\/\/127\.0\.0\.1:\d+ is ready$/m)
  })

  test('that answers and is not ready is a problem for "doctor"', async (t) => {
    await restartOn(async () => undefined)
    const other = createServer((_request, response) => response.writeHead(503).end('not ready\n'))
    other.listen(0, '127.0.0.1')
    await once(other, 'listening')
    t.after(() => other.close())
    const address = other.address()
    assert.ok(address !== null && typeof address === 'object')
    const data = await doctor(server.dataDirectory, '--server', `http://127.0.0.1:${address.port}`)
    assert.match(data.problems['server'] ?? '', /answers: not ready/)
  })

  test('keeps its data folders to its owner', async () => {
    const parts = ['', 'registry', 'store', 'beacons', 'assets', 'beacons/salts']
    for (const part of parts) {
      assert.equal((await stat(join(server.dataDirectory, part))).mode & 0o777, 0o700, part)
    }
    assert.equal((await stat(join(server.dataDirectory, 'operator-token'))).mode & 0o777, 0o600)
  })
})

async function doctor(directory: string, ...options: readonly string[]) {
  const { code, stdout } = await peerpress('doctor', '--json', '--data', directory, ...options)
  const { data } = JSON.parse(stdout) as {
    data: { checks: readonly { code: string; state: string; detail: string | null }[] }
  }
  const problems = data.checks.filter(({ state }) => state === 'problem')
  return { code, problems: Object.fromEntries(problems.map((check) => [check.code, check.detail ?? ''])) }
}

async function folderOf(directory: string, table: string): Promise<string> {
  const tables = join(directory, 'store', 'data', 'default')
  return resolve(tables, await readlink(join(tables, table)))
}

/** Files of a data folder with content. */
async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
  const sized = await Promise.all(
    paths.map(async (path) => ((await readFile(path)).length > 0 ? [path] : [])),
  )
  return sized.flat()
}
