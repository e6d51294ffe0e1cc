import assert from 'node:assert/strict'
import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { Connection, Row } from '../connection.ts'
import { openStore } from '../../open-store.ts'
import { ndjson, range, sampleRows } from '../../random-rows.testing.ts'
import { StoreError } from '../../store-error.ts'
import { connectEmbedded } from './embedded-connection.ts'

const limits = { queryTime: 30_000, memory: 2 * 1024 ** 3 }
const site = 'aaaaaaaaaaaaaaaa'
const slow = 'SELECT sum(sipHash64(number)) AS s FROM numbers(100000000000)'

describe('the embedded engine', { timeout: 120_000 }, () => {
  let directory: string

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'engine-'))
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))

  test('a crash rejects running calls with a code, and the next call finds all written rows', async () => {
    const connection = await connectEmbedded(directory, limits)
    try {
      await connection.command('CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a')
      await connection.insert({ table: 't', rows: Buffer.from('{"a":7}\n'), token: 'one' })
      for (let crash = 0; crash < 3; crash++) {
        const underWay = assert.rejects(connection.query(slow, {}), hasCode('engine-crashed'))
        const waiting = connection.query('SELECT a FROM t', {})
        process.kill(enginePid(directory), 'SIGKILL')
        await underWay
        assert.deepEqual(await waiting, [{ a: 7 }])
      }
      await connection.insert({ table: 't', rows: Buffer.from('{"a":8}\n'), token: 'two' })
      assert.deepEqual(await connection.query('SELECT a FROM t ORDER BY a', {}), [{ a: 7 }, { a: 8 }])
    } finally {
      await connection.close()
    }
  })

  test('an insert that a crash interrupted is repeated under its token, and its rows are stored once', async () => {
    const connection = await connectEmbedded(directory, limits)
    try {
      await connection.command(
        'CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1',
      )
      const rows = Buffer.from(Array.from({ length: 200_000 }, (_, a) => `{"a":${a}}\n`).join(''))
      for (let batch = 0; batch < 2; batch++) {
        const insert = () => connection.insert({ table: 't', rows, token: `batch-${batch}` })
        const cut = insert()
        process.kill(enginePid(directory), 'SIGKILL')
        await assert.rejects(cut, hasCode('engine-crashed'))
        await insert()
        await insert()
      }
      const [count] = await connection.query('SELECT count() AS rows, uniqExact(a) AS values FROM t', {})
      assert.deepEqual(count, { rows: 400_000, values: 200_000 })
    } finally {
      await connection.close()
    }
  })

  test('ends with its owner, and the next owner finds all written rows', async () => {
    for (let life = 0; life < 3; life++) {
      const owner = fork(new URL('store-owner.testing.ts', import.meta.url), [directory, `${site}${life}`])
      // A failing owner would end without this line.
      assert.deepEqual(await Promise.race([once(owner, 'message'), once(owner, 'exit')]), [
        'written',
        undefined,
      ])
      owner.kill('SIGKILL')
      await once(owner, 'exit')
    }
    const store = await openStore({ directory })
    try {
      for (let life = 0; life < 3; life++) {
        assert.equal((await store.totals({ site: `${site}${life}`, ...range })).views, 1)
      }
    } finally {
      await store.close()
    }
  })

  test('a second owner is refused while the first runs, and accepted after it closed', async () => {
    const first = await openStore({ directory })
    await assert.rejects(openStore({ directory }), hasCode('directory-locked'))
    await first.close()
    const second = await openStore({ directory })
    await second.close()
  })

  test('inserts views into a directory with a relative path, and leaves no other files', async () => {
    await mkdir(join(directory, 'inserts'))
    await writeFile(join(directory, 'inserts', 'of-a-killed-process.native'), 'half a bl')
    const store = await openStore({ directory: relative(process.cwd(), directory) })
    await store.insertViews(ndjson(sampleRows(10)), 'views')
    assert.deepEqual(await readdir(join(directory, 'inserts')), [])
    await store.close()
  })

  test('closing waits for running calls; later calls are refused', async () => {
    const connection = await connectEmbedded(directory, limits)
    const underWay = [connection.query('SELECT sleep(0.3) AS s', {}), connection.query('SELECT 0 AS s', {})]
    await connection.close()
    assert.deepEqual(await Promise.all(underWay), [[{ s: 0 }], [{ s: 0 }]])
    await assert.rejects(connection.query('SELECT 1', {}), hasCode('closed'))
    await connection.close()
  })

  test('closing kills an engine whose calls exceed its time limit; all callers get an error', async () => {
    const connection = await connectEmbedded(directory, { queryTime: 600_000, memory: 2 * 1024 ** 3 }, 200)
    const calls = [connection.query(slow, {}), connection.query('SELECT 1', {})].map((call) =>
      assert.rejects(call, hasCode('closed')),
    )
    await connection.close()
    await Promise.all(calls)
    const next = await connectEmbedded(directory, limits)
    await next.close()
  })

  test('a statement may take longer than a query', async () => {
    const connection = await connectEmbedded(directory, { queryTime: 300, memory: 2 * 1024 ** 3 })
    try {
      await connection.command('CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a')
      const seconds = 'SELECT number FROM numbers(10) WHERE sleepEachRow(0.1) = 0'
      await assert.rejects(connection.query(seconds, {}), hasCode('too-expensive'))
      await connection.command(`INSERT INTO t ${seconds}`)
      assert.deepEqual(await connection.query('SELECT count() AS rows FROM t', {}), [{ rows: 10 }])
    } finally {
      await connection.close()
    }
  })

  test('a query that exceeds its time or memory is stopped, and others continue', async () => {
    const connection = await connectEmbedded(directory, { queryTime: 500, memory: 1024 ** 3 })
    try {
      await assert.rejects(connection.query(slow, {}), hasCode('too-expensive'))
      await assert.rejects(
        connection.query('SELECT length(groupArray(number)) AS n FROM numbers(200000000)', {}),
        hasCode('too-expensive'),
      )
      assert.deepEqual(await connection.query('SELECT 1 AS one', {}), [{ one: 1 }])
    } finally {
      await connection.close()
    }
  })

  test('a cancelled query ends in the engine, which continues', async () => {
    const connection = await connectEmbedded(directory, { ...limits, queryTime: 600_000 })
    try {
      const pid = enginePid(directory)
      const leaving = new AbortController()
      const left = assert.rejects(connection.query(slow, {}, { signal: leaving.signal }), hasCode('aborted'))
      const next = connection.query('SELECT 1 AS one', {})
      leaving.abort()
      await left
      assert.deepEqual(await next, [{ one: 1 }])
      assert.equal(enginePid(directory), pid)
    } finally {
      await connection.close()
    }
  })

  test('rows that a query wrote before it failed or was cancelled are not in the next answer', async () => {
    const connection = await connectEmbedded(directory, { ...limits, queryTime: 600_000 })
    const blocks = 'FROM numbers(100000000) SETTINGS max_block_size = 1000'
    try {
      const failing = connection.query(`SELECT number, throwIf(number = 200000) AS thrown ${blocks}`, {})
      const next = connection.query('SELECT 1 AS one', {})
      await assert.rejects(failing)
      assert.deepEqual(await next, [{ one: 1 }])
      const leaving = new AbortController()
      const left = connection.query(`SELECT number, sleepEachRow(0.00001) AS slept ${blocks}`, {}, leaving)
      const after = connection.query('SELECT 2 AS two', {})
      // The engine has begun to write.
      await delay(200)
      leaving.abort()
      await assert.rejects(left, hasCode('aborted'))
      assert.deepEqual(await after, [{ two: 2 }])
    } finally {
      await connection.close()
    }
  })

  test('an engine that does not end a cancelled query is replaced, and an insert in flight is repeated once', async () => {
    const connection = await connectEmbedded(directory, { ...limits, queryTime: 600_000 })
    try {
      await connection.command(
        'CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1',
      )
      const pid = enginePid(directory)
      const insert = () => connection.insert({ table: 't', rows: Buffer.from('{"a":7}\n'), token: 'one' })
      process.kill(pid, 'SIGSTOP')
      const leaving = new AbortController()
      const left = assert.rejects(connection.query(slow, {}, { signal: leaving.signal }), hasCode('aborted'))
      const cut = assert.rejects(insert(), hasCode('engine-crashed'))
      const next = connection.query('SELECT 1 AS one', {}, { caller: 'next' })
      leaving.abort()
      await left
      await cut
      assert.deepEqual(await next, [{ one: 1 }])
      assert.notEqual(enginePid(directory), pid)
      await insert()
      assert.deepEqual(await connection.query('SELECT a FROM t', {}), [{ a: 7 }])
    } finally {
      await connection.close()
    }
  })

  test('an engine that does not stop at the time limit of a query is replaced', async () => {
    const connection = await connectEmbedded(directory, { ...limits, queryTime: 300 })
    try {
      const pid = enginePid(directory)
      process.kill(pid, 'SIGSTOP')
      const late = connection.query('SELECT 1 AS one', {})
      const next = connection.query('SELECT 2 AS two', {})
      await assert.rejects(late, hasCode('too-expensive'))
      assert.deepEqual(await next, [{ two: 2 }])
      assert.notEqual(enginePid(directory), pid)
    } finally {
      await connection.close()
    }
  })

  test('an unresponsive engine is unavailable: at once to new calls, and to the running query after its time limit', async () => {
    const connection = await connectEmbedded(directory, { ...limits, queryTime: 9_000 })
    try {
      process.kill(enginePid(directory), 'SIGSTOP')
      const late = assert.rejects(connection.query('SELECT 1 AS one', {}), hasCode('unavailable'))
      await untilUnresponsive(connection)
      const insertion = { table: 't', rows: Buffer.from('{"a":7}\n'), token: 'one' }
      await assert.rejects(connection.insert(insertion), hasCode('unavailable'))
      await assert.rejects(connection.query('SELECT 2 AS two', {}), hasCode('unavailable'))
      // The running query still waits: the call above did not wait.
      assert.equal(connection.health().state, 'unresponsive')
      await late
      assert.deepEqual(await untilAnswered(connection, 'SELECT 3 AS three'), [{ three: 3 }])
    } finally {
      await connection.close()
    }
  })

  test('closing kills an unresponsive engine at once, and an engine that does not end in time', async () => {
    const silent = await connectEmbedded(directory, { ...limits, queryTime: 600_000 }, 600_000)
    process.kill(enginePid(directory), 'SIGSTOP')
    const cut = assert.rejects(silent.query(slow, {}), hasCode('closed'))
    await untilUnresponsive(silent)
    await silent.close()
    await cut
    const stopped = await connectEmbedded(directory, limits, 600_000)
    process.kill(enginePid(directory), 'SIGSTOP')
    await stopped.close(10)
    const next = await connectEmbedded(directory, limits)
    await next.close()
  })

  test('queries are answered while a statement writes', async () => {
    const connection = await connectEmbedded(directory, limits)
    try {
      await connection.command('CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a')
      const leaving = new AbortController()
      const copy = assert.rejects(
        connection.command(`INSERT INTO t ${slow}`, { signal: leaving.signal }),
        hasCode('aborted'),
      )
      assert.deepEqual(await connection.query('SELECT 1 AS one', {}), [{ one: 1 }])
      leaving.abort()
      await copy
    } finally {
      await connection.close()
    }
  })

  test('its health is known at once, even while it is restarted or closed', async () => {
    const connection = await connectEmbedded(directory, limits)
    try {
      assert.equal(connection.health().state, 'ready')
      const cut = assert.rejects(connection.query(slow, {}), hasCode('engine-crashed'))
      process.kill(enginePid(directory), 'SIGKILL')
      await cut
      assert.equal(connection.health().state, 'starting')
      await connection.query('SELECT 1', {})
      assert.equal(connection.health().state, 'ready')
    } finally {
      await connection.close()
    }
    assert.equal(connection.health().state, 'closed')
  })

  test('an engine that cannot be opened is refused with a code', async () => {
    await assert.rejects(connectEmbedded('/dev/null/store', limits), hasCode('unavailable'))
  })
})

/** Polls, because no event reports a change of health. */
async function untilUnresponsive(connection: Connection): Promise<void> {
  while (connection.health().state !== 'unresponsive') await delay(100)
}

async function untilAnswered(connection: Connection, sql: string): Promise<Row[]> {
  for (;;) {
    try {
      return await connection.query(sql, {})
    } catch (error) {
      if (!hasCode('unavailable')(error) && !hasCode('engine-crashed')(error)) throw error
      await delay(100)
    }
  }
}

function enginePid(directory: string): number {
  return Number(execFileSync('pgrep', ['-f', `engine-main.ts.*${directory}`], { encoding: 'utf8' }))
}

function hasCode(code: string) {
  return (error: unknown) => error instanceof StoreError && error.code === code
}
