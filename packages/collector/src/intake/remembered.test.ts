import assert from 'node:assert/strict'
import { test } from 'node:test'
import { remembered } from './remembered.ts'

/**
 * Makes a look-up of the entries in `there` that records its keys, with a cache of two answers for ten seconds and of
 * absences for one.
 */
function cachedLookUp(there: Map<string, string>) {
  const lookedUp: string[] = []
  const clock = { now: 100_000 }
  const find = async (key: string) => {
    lookedUp.push(key)
    if (there.get(key) === 'failing') throw new Error('unavailable')
    return there.get(key) ?? null
  }
  const lookUp = remembered(find, { maxAnswers: 2, maxAge: 10_000, maxAbsence: 1000, now: () => clock.now })
  return { lookUp, lookedUp, clock }
}

test('an answer is looked up once', async () => {
  const { lookUp, lookedUp } = cachedLookUp(new Map([['a', '1']]))
  assert.deepEqual([await lookUp('a'), await lookUp('a'), await lookUp('a')], ['1', '1', '1'])
  assert.deepEqual(lookedUp, ['a'])
})

test('concurrent calls share one look-up', async () => {
  const { lookUp, lookedUp } = cachedLookUp(new Map([['a', '1']]))
  assert.deepEqual(await Promise.all([lookUp('a'), lookUp('a'), lookUp('b')]), ['1', '1', null])
  assert.deepEqual(lookedUp, ['a', 'b'])
})

test('a change is found when the answer has expired', async () => {
  const there = new Map([['a', '1']])
  const { lookUp, clock } = cachedLookUp(there)
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

test('answers expire when the clock is set back', async () => {
  const there = new Map([['a', '1']])
  const { lookUp, clock } = cachedLookUp(there)
  await lookUp('a')
  there.set('a', '2')
  clock.now -= 1
  assert.equal(await lookUp('a'), '2')
})

test('an absence is looked up once, and expires sooner', async () => {
  const there = new Map<string, string>()
  const { lookUp, lookedUp, clock } = cachedLookUp(there)
  assert.deepEqual([await lookUp('a'), await lookUp('a')], [null, null])
  assert.deepEqual(lookedUp, ['a'])
  there.set('a', '1')
  clock.now += 999
  assert.equal(await lookUp('a'), null)
  clock.now += 1
  assert.equal(await lookUp('a'), '1')
})

test('absent keys displace no answer', async () => {
  const { lookUp, lookedUp } = cachedLookUp(new Map([['a', '1']]))
  await lookUp('a')
  for (let i = 0; i < 100; i++) assert.equal(await lookUp(`invented ${i}`), null)
  assert.equal(await lookUp('a'), '1')
  assert.equal(lookedUp.filter((key) => key === 'a').length, 1)
})

test('a failure is not cached', async () => {
  const there = new Map([['a', 'failing']])
  const { lookUp } = cachedLookUp(there)
  await assert.rejects(async () => lookUp('a'), /unavailable/)
  there.set('a', '1')
  assert.equal(await lookUp('a'), '1')
})

test('the number of cached answers is limited', async () => {
  const { lookUp, lookedUp } = cachedLookUp(new Map(['a', 'b', 'c'].map((key) => [key, key])))
  for (const key of ['a', 'b', 'c', 'c', 'b', 'a']) assert.equal(await lookUp(key), key)
  assert.deepEqual(lookedUp, ['a', 'b', 'c', 'a'])
})
