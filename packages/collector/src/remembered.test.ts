import assert from 'node:assert/strict'
import { test } from 'node:test'
import { remembered } from './remembered.ts'

/** A look-up of what is in `there`, that tells what it was asked, with a memory of two answers for ten seconds. */
function memoryOf(there: Map<string, string>) {
  const asked: string[] = []
  const clock = { now: 100_000 }
  const find = async (key: string) => {
    asked.push(key)
    if (there.get(key) === 'failing') throw new Error('not now')
    return there.get(key) ?? null
  }
  const lookUp = remembered(find, { maxAnswers: 2, maxAge: 10_000, now: () => clock.now })
  return { lookUp, asked, clock }
}

test('what was found is asked for once', async () => {
  const { lookUp, asked } = memoryOf(new Map([['a', '1']]))
  assert.deepEqual([await lookUp('a'), await lookUp('a'), await lookUp('a')], ['1', '1', '1'])
  assert.deepEqual(asked, ['a'])
})

test('those who ask at the same time share one look-up', async () => {
  const { lookUp, asked } = memoryOf(new Map([['a', '1']]))
  assert.deepEqual(await Promise.all([lookUp('a'), lookUp('a'), lookUp('b')]), ['1', '1', null])
  assert.deepEqual(asked, ['a', 'b'])
})

test('a change is seen when the answer is too old', async () => {
  const there = new Map([['a', '1']])
  const { lookUp, clock } = memoryOf(there)
  await lookUp('a')
  there.set('a', '2')
  clock.now += 9999
  assert.equal(await lookUp('a'), '1')
  clock.now += 1
  assert.equal(await lookUp('a'), '2')
  there.delete('a')
  clock.now += 10_000
  assert.equal(await lookUp('a'), null)
})

test('a clock that is set back keeps no answer alive', async () => {
  const there = new Map([['a', '1']])
  const { lookUp, clock } = memoryOf(there)
  await lookUp('a')
  there.set('a', '2')
  clock.now -= 1
  assert.equal(await lookUp('a'), '2')
})

test('what is not there is seen as soon as it is', async () => {
  const there = new Map<string, string>()
  const { lookUp } = memoryOf(there)
  assert.equal(await lookUp('a'), null)
  there.set('a', '1')
  assert.equal(await lookUp('a'), '1')
})

test('a failure is not remembered', async () => {
  const there = new Map([['a', 'failing']])
  const { lookUp } = memoryOf(there)
  await assert.rejects(async () => lookUp('a'), /not now/)
  there.set('a', '1')
  assert.equal(await lookUp('a'), '1')
})

test('no more is kept than it may', async () => {
  const { lookUp, asked } = memoryOf(new Map(['a', 'b', 'c'].map((key) => [key, key])))
  for (const key of ['a', 'b', 'c', 'c', 'b', 'a']) assert.equal(await lookUp(key), key)
  assert.deepEqual(asked, ['a', 'b', 'c', 'a'])
})
