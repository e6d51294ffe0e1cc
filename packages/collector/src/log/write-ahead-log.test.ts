import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, type TestContext, test } from 'node:test'
import { CollectorError } from '../collector-error.ts'
import { encodeRecord } from './record.ts'
import { openWriteAheadLog, type WriteAheadLogOptions } from './write-ahead-log.ts'

describe('write-ahead log', { timeout: 60_000 }, () => {
  let directory: string
  let inserted: Map<string, string[]>

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'log-'))
    inserted = new Map()
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))

  const opened = (options: Partial<WriteAheadLogOptions> = {}) =>
    openWriteAheadLog({
      directory,
      maxLogBytes: 2 * 1024 ** 3,
      async insert(rows, token) {
        inserted.set(token, rows.toString().trimEnd().split('\n'))
      },
      onSetAside: (name, reason) => assert.fail(`${name} ${reason}`),
      onFailure: (error) => assert.fail(String(error)),
      ...options,
    })
  const down = { insert: () => Promise.reject(new Error('down')), onFailure: () => undefined }
  const rows = () => [...inserted.values()].flat()

  test('segments of an earlier run are inserted first, oldest first', async () => {
    for (const run of [1, 2]) {
      const log = await opened(down)
      await log.append(Buffer.from(`{"run":${run}}`))
      await log.close()
      // Names contain the ms in which their run began.
      const begun = Date.now()
      while (Date.now() === begun) await new Promise(setImmediate)
    }
    const left = (await readdir(directory)).toSorted()
    assert.equal(left.length, 2)
    const log = await opened()
    await log.append(Buffer.from('{"run":3}'))
    await log.flush()
    assert.deepEqual(rows(), ['{"run":1}', '{"run":2}', '{"run":3}'])
    assert.deepEqual([...inserted.keys()].slice(0, 1), [`${left[0]}.group`])
    assert.deepEqual(await readdir(directory), [])
    await log.close()
  })

  test('an inserted segment that was not deleted is inserted again unchanged', async () => {
    const first = await opened(down)
    await first.append(Buffer.from('{"n":1}'))
    await first.close()
    const [name = ''] = await readdir(directory)
    const bytes = await readFile(join(directory, name))
    await (await opened()).flush()
    const once = new Map(inserted)
    await writeFile(join(directory, name), bytes)
    inserted.clear()
    const again = await opened()
    await again.flush()
    assert.deepEqual(inserted, once)
    await again.close()
  })

  test('files that are not segments are ignored', async () => {
    const names = ['lock', 'notes.log', '000000000000001-00000000-0123456789abcdef.log.damaged']
    for (const name of names) await writeFile(join(directory, name), encodeRecord(Buffer.from('{}')))
    const log = await opened()
    await log.flush()
    await log.close()
    assert.deepEqual((await readdir(directory)).toSorted(), names.toSorted())
    assert.deepEqual(rows(), [])
  })

  test('a full disk refuses exactly the rows without room, and the log continues when there is room', async (t: TestContext) => {
    if (!mountSmallDisk(directory)) {
      t.skip('mounting a small disk takes root on Linux')
      return
    }
    try {
      const log = await opened({ ...down, maxPause: 3_600_000 })
      const ballast = join(directory, 'ballast')
      await writeFile(ballast, Buffer.alloc(100 * 1024))
      const row = (number: number) => Buffer.from(JSON.stringify({ number, padding: 'x'.repeat(8 * 1024) }))
      const accepted: number[] = []
      let refused = 0
      for (let number = 0; number < 40; number++) {
        await log.append(row(number)).then(
          () => accepted.push(number),
          (error: unknown) => {
            assert.ok(error instanceof CollectorError && error.code === 'log-unavailable')
            refused++
          },
        )
      }
      assert.ok(accepted.length > 10 && refused > 10, `${accepted.length} accepted, ${refused} refused`)
      await rm(ballast)
      for (let number = 100; number < 103; number++) {
        await log.append(row(number))
        accepted.push(number)
      }
      await log.close()
      const next = await opened()
      await next.flush()
      await next.close()
      assert.deepEqual(
        rows().map((text) => (JSON.parse(text) as { number: number }).number),
        accepted,
      )
      assert.deepEqual(await readdir(directory), [])
    } finally {
      execFileSync('/usr/bin/umount', [directory])
    }
  })
})

/** Mounts a small disk; false if this process may not mount. */
function mountSmallDisk(directory: string): boolean {
  const { status } = spawnSync('/usr/bin/mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', directory])
  return status === 0
}
