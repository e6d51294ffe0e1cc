import assert from 'node:assert/strict'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { StoreError } from '@peerpress/store'
import { down, drainedFolder } from './drain.testing.ts'

describe('a drain of groups', { timeout: 30_000 }, () => {
  const at = drainedFolder()
  const { drainTo, put } = at
  const names = ['1', '2', '3', '4']
  const row = (name: string) => `{"n":${name}}`
  const putAll = () => Promise.all(names.map((name) => put(name, [row(name)])))
  const rowsOf = (...some: string[]) => some.map((name) => `${row(name)}\n`).join('')
  const together = { maxGroupBytes: 8 }

  test('small waiting segments are inserted together, oldest first, and leave no files', async () => {
    const inserted: [string, string][] = []
    const gone: [string, number][] = []
    const drain = drainTo(
      async (rows, token) => {
        inserted.push([token, rows.toString()])
      },
      {
        ...together,
        onGone: (name, bytes) => gone.push([name, bytes]),
      },
    )
    await putAll()
    for (const [index, name] of names.entries()) drain.add(name, [3, 5, 9, 1][index])
    await drain.drained()
    assert.deepEqual(inserted, [
      ['1.group', rowsOf('1', '2')],
      ['3', rowsOf('3')],
      ['4', rowsOf('4')],
    ])
    const sizes = { 1: 3, 2: 5, 3: 9, 4: 1 }
    assert.deepEqual(Object.fromEntries(gone), sizes)
    assert.deepEqual(await readdir(at.directory), [])
  })

  test('after a crash before the answer, the same rows are inserted again under the same token', async () => {
    const tokens: [string, string][] = []
    const inHand = Promise.withResolvers<void>()
    const crashed = drainTo(async (rows, token) => {
      tokens.push([token, rows.toString()])
      inHand.resolve()
      // As if the process ended here.
      await new Promise(() => undefined)
    }, together)
    await putAll()
    for (const name of ['1', '2']) crashed.add(name, 1)
    await inHand.promise
    const next = drainTo(async (rows, token) => {
      tokens.push([token, rows.toString()])
    }, together)
    for (const name of names) next.add(name, 1)
    await next.drained()
    assert.deepEqual(tokens, [
      ['1.group', rowsOf('1', '2')],
      ['1.group', rowsOf('1', '2')],
      ['3.group', rowsOf('3', '4')],
    ])
    assert.deepEqual(await readdir(at.directory), [])
  })

  test('after a crash with two groups in flight, both are inserted again unchanged', async () => {
    const tokens: string[] = []
    const inHand = Promise.withResolvers<void>()
    const crashed = drainTo(
      async (_rows, token) => {
        tokens.push(token)
        if (tokens.length === 2) inHand.resolve()
        // As if the process ended here.
        await new Promise(() => undefined)
      },
      { maxGroupBytes: 2 },
    )
    await putAll()
    for (const name of names) crashed.add(name, 1)
    await inHand.promise
    const next = drainTo(async (rows, token) => {
      tokens.push(`${token} ${rows.toString()}`)
    }, together)
    for (const name of names) next.add(name, 1)
    await next.drained()
    assert.deepEqual(tokens, [
      '1.group',
      '3.group',
      `1.group ${rowsOf('1', '2')}`,
      `3.group ${rowsOf('3', '4')}`,
    ])
    assert.deepEqual(await readdir(at.directory), [])
  })

  test('after a crash during the deletions, nothing is inserted again', async () => {
    await putAll()
    await writeFile(join(at.directory, '1.group'), '1\n2\n3\n.')
    await rm(join(at.directory, '1'))
    const inserted: string[] = []
    const drain = drainTo(async (rows) => {
      inserted.push(rows.toString())
    }, together)
    for (const name of ['2', '3', '4']) drain.add(name, 1)
    await drain.drained()
    assert.deepEqual(inserted, [rowsOf('4')])
    assert.deepEqual(await readdir(at.directory), [])
  })

  test('a note that was cut short belongs to a group that was never inserted', async () => {
    await putAll()
    await writeFile(join(at.directory, '1.group'), '1\n2')
    const inserted: string[] = []
    const drain = drainTo(async (rows) => {
      inserted.push(rows.toString())
    }, together)
    for (const name of names) drain.add(name, 1)
    await drain.drained()
    assert.deepEqual(inserted, [rowsOf(...names)])
    assert.deepEqual(await readdir(at.directory), [])
  })

  test('if the store refuses rows of a group, only segments that it refuses alone are set aside', async () => {
    const inserted: string[] = []
    const drain = drainTo(async (rows, token) => {
      if (rows.includes(row('3'))) throw new StoreError('bad-rows', 'no number')
      inserted.push(`${token} ${rows.toString()}`)
    }, together)
    await put('1', [row('1')], Buffer.from('not a record at all'))
    for (const name of ['2', '3', '4']) await put(name, [row(name)])
    for (const name of names) drain.add(name, 1)
    await drain.drained()
    assert.deepEqual(inserted, [`1 ${rowsOf('1')}`, `2 ${rowsOf('2')}`, `4 ${rowsOf('4')}`])
    assert.deepEqual(at.setAside, ['1 damaged', '3 refused'])
    assert.deepEqual((await readdir(at.directory)).toSorted(), ['1.damaged', '3.refused'])
  })

  test('a store that fails among the segments of a refused group gets the rest when it is available again', async () => {
    const inserted: string[] = []
    let calls = 0
    const drain = drainTo(
      async (rows, token) => {
        calls++
        if (token === '1.group') throw new StoreError('bad-rows', 'no number')
        if (calls === 3) throw down
        inserted.push(rows.toString())
      },
      { ...together, maxPause: 1 },
    )
    await putAll()
    for (const name of names) drain.add(name, 1)
    await drain.drained()
    assert.deepEqual(
      inserted,
      names.map((name) => rowsOf(name)),
    )
    assert.deepEqual([at.failures, at.setAside, await readdir(at.directory)], [[down], [], []])
  })

  test('a failed group is inserted again unchanged, although further segments wait', async () => {
    const tokens: string[] = []
    const failed = Promise.withResolvers<void>()
    let isDown = true
    const drain = drainTo(
      async (rows, token) => {
        tokens.push(`${token} ${rows.toString()}`)
        if (isDown) throw down
      },
      { ...together, maxPause: 1, onFailure: () => failed.resolve() },
    )
    await putAll()
    for (const name of ['1', '2']) drain.add(name, 1)
    await failed.promise
    for (const name of ['3', '4']) drain.add(name, 1)
    isDown = false
    await drain.drained()
    assert.deepEqual([...new Set(tokens)], [`1.group ${rowsOf('1', '2')}`, `3.group ${rowsOf('3', '4')}`])
  })

  test('if a segment of a group cannot be read, the others are inserted one by one', async () => {
    const inserted: string[] = []
    const drain = drainTo(
      async (_rows, token) => {
        inserted.push(token)
      },
      { maxGroupBytes: 4 },
    )
    await mkdir(join(at.directory, '2'))
    for (const name of ['1', '3', '4']) await put(name, [row(name)])
    for (const name of names) drain.add(name, 1)
    await drain.drained()
    assert.deepEqual(inserted, ['1', '3', '4'])
    assert.deepEqual(at.setAside, ['2 unreadable'])
    assert.deepEqual(await readdir(at.directory), ['2.unreadable'])
  })

  const notes: Readonly<Record<string, { note: string | Buffer | null; left: string; setAside: string }>> = {
    'is garbage': { note: Buffer.alloc(300, '\u0001'), left: '1.group.damaged', setAside: '1.group damaged' },
    'names files elsewhere': {
      note: '../1\n/etc/passwd\n.',
      left: '1.group.damaged',
      setAside: '1.group damaged',
    },
    'is a folder': { note: null, left: '1.group.unreadable', setAside: '1.group unreadable' },
  }
  for (const [what, { note, left, setAside }] of Object.entries(notes)) {
    test(`a note that ${what} is set aside, and its segments are inserted`, async () => {
      await putAll()
      const path = join(at.directory, '1.group')
      await (note === null ? mkdir(path) : writeFile(path, note))
      const inserted: string[] = []
      const drain = drainTo(
        async (rows) => {
          inserted.push(rows.toString())
        },
        { maxGroupBytes: 4 },
      )
      for (const name of names) drain.add(name, 1)
      await drain.drained()
      assert.deepEqual(inserted, [rowsOf(...names)])
      assert.deepEqual(at.setAside, [setAside])
      assert.deepEqual(at.failures, [])
      assert.deepEqual(await readdir(at.directory), [left])
    })
  }

  test('a note that a crash left as zeros belongs to a group that was never inserted', async () => {
    await putAll()
    await writeFile(join(at.directory, '1.group'), Buffer.alloc(40))
    const inserted: string[] = []
    const drain = drainTo(
      async (rows) => {
        inserted.push(rows.toString())
      },
      { maxGroupBytes: 4 },
    )
    for (const name of names) drain.add(name, 1)
    await drain.drained()
    assert.deepEqual([inserted, at.setAside], [[rowsOf(...names)], []])
    assert.deepEqual(await readdir(at.directory), [])
  })
})
