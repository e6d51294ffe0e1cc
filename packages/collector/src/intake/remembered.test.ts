import assert from 'node:assert/strict'
import { test } from 'node:test'
import { remembered } from './remembered.ts'

/**
 * A look-up of what is in `there`, which records its questions, with a cache of two answers for ten seconds, of
 * absences for one.
 */
function memoryOf(there: Map<string, string>) {
  const asked: string[] = []
  const clock = { now: 100_000 }
  const find = async (key: string) => {
    asked.push(key)
    if (there.get(key) === 'failing') throw new Error('not now')
    return there.get(key) ?? null
  }
  const lookUp = remembered(find, { maxAnswers: 2, maxAge: 10_000, maxAbsence: 1000, now: () => clock.now })
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

test('an absence is asked for once, for a shorter time', async () => {
  const there = new Map<string, string>()
  const { lookUp, asked, clock } = memoryOf(there)
  assert.deepEqual([await lookUp('a'), await lookUp('a')], [null, null])
  assert.deepEqual(asked, ['a'])
  there.set('a', '1')
  clock.now += 999
  assert.equal(await lookUp('a'), null)
  clock.now += 1
  assert.equal(await lookUp('a'), '1')
})

test('invented keys displace no answer', async () => {
  const { lookUp, asked } = memoryOf(new Map([['a', '1']]))
  await lookUp('a')
  for (let i = 0; i < 100; i++) assert.equal(await lookUp(`invented ${i}`), null)
  assert.equal(await lookUp('a'), '1')
  assert.equal(asked.filter((key) => key === 'a').length, 1)
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
