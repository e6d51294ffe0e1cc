import assert from 'node:assert/strict'
import { mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, type TestContext, test } from 'node:test'
import { CollectorError } from '../collector-error.ts'
import { decodeSegment } from './record.ts'
import { type SegmentFile, SegmentWriter, type SegmentWriterOptions } from './segment-writer.ts'

const text = (number: number) => Buffer.from(`{"n":${number}}`)
const isUnavailable = (error: unknown) => error instanceof CollectorError && error.code === 'log-unavailable'
const failure = (code: string) => Object.assign(new Error(code), { code })

describe('segment writer', { timeout: 30_000 }, () => {
  let directory: string
  let sealed: string[]

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'segments-'))
    sealed = []
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))

  function writerWith(options: Partial<SegmentWriterOptions> = {}): SegmentWriter {
    let count = 0
    return new SegmentWriter({
      directory,
      maxBytes: 1024 * 1024,
      maxAge: 60_000,
      nextName: () => `${count++}.log`,
      onSealed: (name) => sealed.push(name),
      ...options,
    })
  }

  /** Creates real files whose calls can be counted, delayed and made to fail. */
  function files(hooks: { before?: (call: 'write' | 'datasync' | 'truncate') => unknown }) {
    return async (path: string): Promise<SegmentFile> => {
      const file = await open(path, 'wx')
      return {
        write: (async (...args: Parameters<typeof file.write>) => {
          await hooks.before?.('write')
          return file.write(...args)
        }) as SegmentFile['write'],
        datasync: async () => {
          await hooks.before?.('datasync')
          await file.datasync()
        },
        truncate: async (length) => {
          await hooks.before?.('truncate')
          await file.truncate(length)
        },
        close: () => file.close(),
      }
    }
  }

  const contents = async (name: string) => {
    const { payloads, condition } = decodeSegment(await readFile(join(directory, name)))
    return { rows: payloads.map(String), condition }
  }

  test('all appends that wait during a sync share the next one', async () => {
    let syncs = 0
    const firstSync = Promise.withResolvers<void>()
    const reached = Promise.withResolvers<void>()
    const writer = writerWith({
      createFile: files({
        before(call) {
          if (call !== 'datasync') return undefined
          syncs++
          reached.resolve()
          return syncs === 1 ? firstSync.promise : undefined
        },
      }),
    })
    const first = writer.append(text(0))
    await reached.promise
    const others = Array.from({ length: 1000 }, (_, index) => writer.append(text(index + 1)))
    firstSync.resolve()
    await Promise.all([first, ...others])
    assert.equal(syncs, 2)
    await writer.close()
    assert.deepEqual(
      (await contents('0.log')).rows,
      Array.from({ length: 1001 }, (_, index) => `{"n":${index}}`),
    )
  })

  test('nothing is acknowledged before its own sync has ended', async () => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const reached = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    let syncs = 0
    const writer = writerWith({
      createFile: files({
        before(call) {
          if (call !== 'datasync') return undefined
          reached[syncs]?.resolve()
          return gates[syncs++]?.promise
        },
      }),
    })
    const acknowledged: number[] = []
    const first = writer.append(text(1)).then(() => acknowledged.push(1))
    await reached[0]?.promise
    const second = writer.append(text(2)).then(() => acknowledged.push(2))
    assert.deepEqual(acknowledged, [])
    gates[0]?.resolve()
    await first
    await reached[1]?.promise
    assert.deepEqual(acknowledged, [1])
    gates[1]?.resolve()
    await second
    await writer.close()
  })

  test('an append is written in whatever turn it is called', async () => {
    const writer = writerWith()
    for (let turns = 0; turns < 12; turns++) {
      await writer.append(text(0))
      for (let turn = 0; turn < turns; turn++) await Promise.resolve()
      await writer.append(text(1))
    }
    await writer.close()
    assert.equal((await contents('0.log')).rows.length, 24)
  })

  test('a partial write continues where it stopped', async () => {
    const writer = writerWith({
      async createFile(path) {
        const file = await open(path, 'wx')
        return {
          write: ((bytes: Buffer, offset: number, length: number, position: number) =>
            file.write(bytes, offset, Math.min(5, length), position)) as SegmentFile['write'],
          datasync: () => file.datasync(),
          truncate: (length) => file.truncate(length),
          close: () => file.close(),
        }
      },
    })
    await Promise.all([writer.append(text(1)), writer.append(text(2))])
    await writer.append(text(3))
    await writer.close()
    assert.deepEqual(await contents('0.log'), { rows: ['{"n":1}', '{"n":2}', '{"n":3}'], condition: 'whole' })
  })

  for (const [call, code] of [
    ['write', 'ENOSPC'],
    ['write', 'EIO'],
    ['datasync', 'ENOSPC'],
    ['datasync', 'EIO'],
  ] as const) {
    test(`${code} at ${call} refuses exactly the records that were not acknowledged, and the next record gets a new file`, async () => {
      let isFailing = false
      const writer = writerWith({
        createFile: files({
          before(made) {
            if (isFailing && made === call) throw failure(code)
          },
        }),
      })
      await Promise.all([writer.append(text(1)), writer.append(text(2))])
      isFailing = true
      const refused = await Promise.allSettled([writer.append(text(3)), writer.append(text(4))])
      assert.ok(refused.every((result) => result.status === 'rejected' && isUnavailable(result.reason)))
      await assert.rejects(writer.append(text(5)), isUnavailable)
      isFailing = false
      await writer.append(text(6))
      await writer.close()
      assert.deepEqual(await contents('0.log'), { rows: ['{"n":1}', '{"n":2}'], condition: 'whole' })
      const last = sealed.at(-1) as string
      assert.deepEqual(await contents(last), { rows: ['{"n":6}'], condition: 'whole' })
      assert.equal(new Set(sealed).size, sealed.length)
    })
  }

  test('if the failed tail cannot be cut off either, acknowledged records can still be read', async () => {
    let isFailing = false
    const writer = writerWith({
      createFile: files({
        before(call) {
          if (isFailing && call !== 'write') throw failure('EIO')
        },
      }),
    })
    await writer.append(text(1))
    isFailing = true
    await assert.rejects(writer.append(text(2)), isUnavailable)
    isFailing = false
    await writer.append(text(3))
    await writer.close()
    assert.equal((await contents('0.log')).rows[0], '{"n":1}')
    assert.deepEqual((await contents('1.log')).rows, ['{"n":3}'])
  })

  test('a file that cannot be created, or whose name cannot be made durable, refuses its records and is not left open', async () => {
    let failing: 'create' | 'sync' | 'nothing' = 'create'
    const create = files({})
    const writer = writerWith({
      createFile: (path) => (failing === 'create' ? Promise.reject(failure('ENOSPC')) : create(path)),
      syncDirectory: async () => {
        if (failing === 'sync') throw failure('EIO')
      },
    })
    await assert.rejects(writer.append(text(1)), isUnavailable)
    failing = 'sync'
    await assert.rejects(writer.append(text(2)), isUnavailable)
    assert.deepEqual(sealed, ['1.log'])
    failing = 'nothing'
    await writer.append(text(3))
    await writer.close()
    assert.deepEqual(sealed, ['1.log', '2.log'])
    assert.deepEqual((await contents('1.log')).rows, [])
    assert.deepEqual((await contents('2.log')).rows, ['{"n":3}'])
  })

  test("a segment's name is durable before its first record is acknowledged", async () => {
    const order: string[] = []
    const writer = writerWith({
      createFile: files({ before: (call) => order.push(call) }),
      syncDirectory: async (path) => {
        assert.equal(path, directory)
        assert.deepEqual(await readdir(directory), ['0.log'])
        order.push('directory')
      },
    })
    await writer.append(text(1)).then(() => order.push('acknowledged'))
    await writer.append(text(2))
    assert.deepEqual(order, ['directory', 'write', 'datasync', 'acknowledged', 'write', 'datasync'])
    await writer.close()
  })

  test('seals a segment that has reached its size, however much was appended at once', async () => {
    const writer = writerWith({ maxBytes: 100 })
    await Promise.all(Array.from({ length: 20 }, (_, index) => writer.append(Buffer.alloc(30, index))))
    await writer.close()
    // 42 bytes per record: the third one exceeds 100.
    assert.equal(sealed.length, 7)
    const all = await Promise.all(sealed.map(async (name) => (await contents(name)).rows.length))
    assert.deepEqual(all, [3, 3, 3, 3, 3, 3, 2])
  })

  test('seals a segment that has reached its age, and a later record begins the next', async (t: TestContext) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const aged = Promise.withResolvers<string>()
    const writer = writerWith({ maxAge: 1000, onSealed: (name) => aged.resolve(name) })
    await writer.append(text(1))
    t.mock.timers.tick(999)
    await writer.append(text(2))
    t.mock.timers.tick(1)
    assert.equal(await aged.promise, '0.log')
    await writer.append(text(3))
    assert.deepEqual((await readdir(directory)).toSorted(), ['0.log', '1.log'])
    assert.deepEqual((await contents('0.log')).rows, ['{"n":1}', '{"n":2}'])
    await writer.close()
  })

  test('sealing ends while others continue to append', async () => {
    const writer = writerWith()
    const over = new AbortController()
    const appending = (async () => {
      while (!over.signal.aborted) await writer.append(text(1))
    })()
    await writer.seal()
    assert.equal(sealed.length, 1)
    over.abort()
    await appending
    await writer.close()
  })

  test('closing writes the waiting records and refuses further ones', async () => {
    const writer = writerWith()
    const waiting = writer.append(text(1))
    const closed = writer.close()
    await assert.rejects(
      writer.append(text(2)),
      (error) => error instanceof CollectorError && error.code === 'closed',
    )
    await Promise.all([waiting, closed])
    assert.deepEqual(await contents('0.log'), { rows: ['{"n":1}'], condition: 'whole' })
    await writer.close()
    assert.deepEqual(sealed, ['0.log'])
  })

  test('leaves no append pending if the listener for sealed segments throws, and continues', async () => {
    let throws = true
    const writer = writerWith({
      onSealed(name) {
        sealed.push(name)
        if (throws) throw new Error('a listener fails')
      },
    })
    await writer.append(text(1))
    await writer.seal()
    throws = false
    await writer.append(text(2))
    await writer.close()
    assert.deepEqual(sealed, ['0.log', '1.log'])
    assert.deepEqual((await contents('1.log')).rows, ['{"n":2}'])
  })
})
