import assert from 'node:assert/strict'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { StoreError } from '@peerpress/store'
import { down, drainedFolder } from './drain.testing.ts'
import { encodeRecord } from './record.ts'

describe('drain', { timeout: 30_000 }, () => {
  const at = drainedFolder()
  const { drainTo, put } = at

  test('inserts segments in the order they were added, each as lines under its own name, and deletes them', async () => {
    const inserted: [string, string][] = []
    const drain = drainTo(async (rows, token) => {
      inserted.push([token, rows.toString()])
    })
    await put('b', ['{"n":1}', '{"n":2}'])
    await put('a', ['{"n":3}'])
    drain.add('b', 1)
    drain.add('a', 1)
    assert.equal(drain.backlog, 2)
    await drain.drained()
    assert.deepEqual(inserted, [
      ['b', '{"n":1}\n{"n":2}\n'],
      ['a', '{"n":3}\n'],
    ])
    assert.equal(drain.backlog, 0)
    assert.deepEqual(await readdir(at.directory), [])
  })

  test('has at most two groups in flight, and deletes a segment only after the store has it', async () => {
    const both = Promise.withResolvers<void>()
    let inHand = 0
    let most = 0
    const drain = drainTo(async (_rows, token) => {
      most = Math.max(most, ++inHand)
      if (inHand === 2) both.resolve()
      await both.promise
      assert.ok((await readdir(at.directory)).includes(token))
      inHand--
    })
    for (const name of ['1', '2', '3', '4']) await put(name, ['{}'])
    for (const name of ['1', '2', '3', '4']) drain.add(name, 1)
    await drain.drained()
    assert.equal(most, 2)
    assert.deepEqual(at.failures, [])
    assert.deepEqual(await readdir(at.directory), [])
  })

  test('segments that do not fill a group wait until the group in flight is in the store', async () => {
    const both = Promise.withResolvers<void>()
    const inHand: string[] = []
    const begun: string[] = []
    const drain = drainTo(
      async (_rows, token) => {
        begun.push([...inHand, token].join(' '))
        inHand.push(token)
        if (token === '2') both.resolve()
        await both.promise
        inHand.shift()
      },
      { maxGroupBytes: 10 },
    )
    for (const name of ['1', '2', '3']) await put(name, ['{}'])
    for (const [name, bytes] of [
      ['1', 10],
      ['2', 10],
      ['3', 9],
    ] as const)
      drain.add(name, bytes)
    await drain.drained()
    assert.deepEqual(begun, ['1', '1 2', '3'])
  })

  test('two failed groups are inserted again one by one, the older first', async () => {
    const tokens: string[] = []
    let isDown = true
    const drain = drainTo(
      async (_rows, token) => {
        tokens.push(token)
        if (isDown) throw down
      },
      {
        maxPause: 1,
        onFailure(error) {
          at.failures.push(error)
          isDown = at.failures.length < 2
        },
      },
    )
    for (const name of ['1', '2', '3']) await put(name, ['{}'])
    for (const name of ['1', '2', '3']) drain.add(name, 1)
    await drain.drained()
    assert.deepEqual(tokens, ['1', '2', '1', '1', '2', '3'])
    assert.deepEqual(at.failures, [down, down])
  })

  test('a segment that is added in any turn after the last one ended is inserted', async () => {
    const drain = drainTo(async () => undefined)
    for (let turns = 0; turns < 8; turns++) {
      await put('1', ['{}'])
      drain.add('1', 1)
      await drain.drained()
      for (let turn = 0; turn < turns; turn++) await Promise.resolve()
      await put('2', ['{}'])
      drain.add('2', 1)
      await drain.drained()
    }
    assert.deepEqual(await readdir(at.directory), [])
  })

  test('tries again under the same token, with growing pauses up to the maximum, until the store is available', async (t: TestContext) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const tokens: string[] = []
    let tried = Promise.withResolvers<void>()
    let isDown = true
    const drain = drainTo(
      async (_rows, token) => {
        tokens.push(token)
        if (isDown) throw down
      },
      {
        maxPause: 1000,
        onFailure(error) {
          at.failures.push(error)
          tried.resolve()
        },
      },
    )
    const nextTry = async () => {
      await tried.promise
      tried = Promise.withResolvers()
    }
    await put('1', ['{"n":1}'])
    await put('2', ['{"n":2}'])
    drain.add('1', 1)
    drain.add('2', 1)
    for (const longest of [250, 500, 1000, 1000]) {
      await nextTry()
      const before = tokens.length
      t.mock.timers.tick(longest / 2 - 1)
      await new Promise(setImmediate)
      assert.equal(tokens.length, before, 'not before half of the pause')
      if (before === 5) isDown = false
      t.mock.timers.tick(longest / 2 + 1)
    }
    await drain.drained()
    assert.deepEqual(tokens, ['1', '2', '1', '1', '1', '1', '2'])
    assert.deepEqual(at.failures, [down, down, down, down])
    assert.deepEqual(await readdir(at.directory), [])
  })

  test('stopping waits for the inserts in flight and leaves the rest for the next start', async () => {
    const inHand = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const drain = drainTo(async (_rows, token) => {
      if (token === '2') inHand.resolve()
      await release.promise
    })
    for (const name of ['1', '2', '3', '4']) await put(name, ['{}'])
    for (const name of ['1', '2', '3', '4']) drain.add(name, 1)
    await inHand.promise
    const drained = drain.drained()
    const stopped = drain.stop()
    release.resolve()
    await Promise.all([stopped, drained])
    assert.deepEqual((await readdir(at.directory)).toSorted(), ['3', '4'])
    assert.equal(drain.backlog, 2)

    const inserted: string[] = []
    const next = drainTo(async (_rows, token) => {
      inserted.push(token)
    })
    for (const name of ['3', '4']) next.add(name, 1)
    await next.drained()
    assert.deepEqual(inserted, ['3', '4'])
  })

  test('stopping does not wait for a pause to end', async () => {
    const failed = Promise.withResolvers<void>()
    const drain = drainTo(() => Promise.reject(down), {
      maxPause: 3_600_000,
      onFailure: () => failed.resolve(),
    })
    await put('1', ['{}'])
    drain.add('1', 1)
    await failed.promise
    await drain.stop()
    drain.add('2', 1)
    await drain.drained()
    assert.deepEqual(await readdir(at.directory), ['1'])
  })

  test('a torn end is ignored without a notice, and an empty segment is not inserted', async () => {
    const inserted: string[] = []
    const drain = drainTo(async (rows) => {
      inserted.push(rows.toString())
    })
    await put('1', ['{"n":1}'], encodeRecord(Buffer.from('{"n":2}')).subarray(0, 15))
    await put('2', [])
    drain.add('1', 1)
    drain.add('2', 1)
    await drain.drained()
    assert.deepEqual(inserted, ['{"n":1}\n'])
    assert.deepEqual(at.setAside, [])
    assert.deepEqual(await readdir(at.directory), [])
  })

  test('the readable rows of a damaged segment are inserted; the segment is set aside and blocks no others', async () => {
    const inserted: string[] = []
    const drain = drainTo(async (rows) => {
      inserted.push(rows.toString())
    })
    await put('1', ['{"n":1}'], Buffer.from('not a record at all'))
    await put('2', ['{"n":2}'])
    drain.add('1', 1)
    drain.add('2', 1)
    await drain.drained()
    assert.deepEqual(inserted, ['{"n":1}\n', '{"n":2}\n'])
    assert.deepEqual(at.setAside, ['1 damaged'])
    assert.deepEqual(await readdir(at.directory), ['1.damaged'])
  })

  test('a segment whose rows the store will never accept is set aside and blocks no others', async () => {
    const inserted: string[] = []
    const drain = drainTo(async (_rows, token) => {
      if (token === '1') throw new StoreError('bad-rows', 'no number')
      inserted.push(token)
    })
    for (const name of ['1', '2']) await put(name, ['{}'])
    for (const name of ['1', '2']) drain.add(name, 1)
    await drain.drained()
    assert.deepEqual(inserted, ['2'])
    assert.deepEqual(at.setAside, ['1 refused'])
    assert.deepEqual(at.failures, [])
    assert.deepEqual(await readdir(at.directory), ['1.refused'])
  })

  test('a segment that cannot be read is set aside and blocks no others', async () => {
    const inserted: string[] = []
    const drain = drainTo(async (_rows, token) => {
      inserted.push(token)
    })
    await mkdir(join(at.directory, '1'))
    await put('2', ['{"n":2}'])
    drain.add('1', 1)
    drain.add('2', 1)
    await drain.drained()
    assert.deepEqual(inserted, ['2'])
    assert.deepEqual(at.setAside, ['1 unreadable'])
    assert.deepEqual(at.failures, [])
    assert.deepEqual(await readdir(at.directory), ['1.unreadable'])
    assert.equal(drain.backlog, 0)
  })

  test('continues if listeners throw', async () => {
    const thrown = () => {
      throw new Error('a listener fails')
    }
    let isDown = true
    const drain = drainTo(
      async () => {
        if (isDown) {
          isDown = false
          throw down
        }
      },
      { maxPause: 1, onFailure: thrown, onSetAside: thrown, onGone: thrown },
    )
    await put('1', ['{"n":1}'], Buffer.from('not a record at all'))
    await put('2', ['{"n":2}'])
    drain.add('1', 1)
    drain.add('2', 1)
    await drain.drained()
    await drain.stop()
    assert.deepEqual(await readdir(at.directory), ['1.damaged'])
  })
})
