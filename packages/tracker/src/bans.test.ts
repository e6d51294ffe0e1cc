import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { Bans } from './bans.ts'

const minute = 60_000
let now = 0
let bans: Bans
beforeEach(() => {
  now = 0
  bans = new Bans(() => now)
})

test('keeps a liar out for an hour, and no longer', () => {
  bans.ban('liar', 'network')
  now = 60 * minute - 1
  assert.ok(bans.isBanned('liar'))
  now++
  assert.ok(!bans.isBanned('liar'))
  assert.ok(!bans.isBanned('somebody else'))
})

test('lets the neighbours of one liar join, and makes those of several wait longer and longer', () => {
  bans.ban('one', 'network')
  assert.ok(!bans.mustWait('network'))
  const waits: number[] = []
  for (const liar of ['two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']) {
    const from = now
    bans.ban(liar, 'network')
    while (bans.mustWait('network')) now += minute
    waits.push((now - from) / minute)
  }
  assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 60, 60])
  assert.ok(!bans.mustWait('another network'))
})

test('forgets what a network did when an hour has passed without more of it', () => {
  bans.ban('one', 'network')
  now = 60 * minute
  bans.ban('two', 'network')
  assert.ok(!bans.mustWait('network'))
})

test('counts a liar once, however many accuse it', () => {
  for (let i = 0; i < 5; i++) bans.ban('liar', 'network')
  assert.ok(!bans.mustWait('network'))
})

test('remembers no more than it has room for, the latest', () => {
  for (let i = 0; i <= 100_000; i++) bans.ban(`liar ${i}`, `network ${i}`)
  assert.ok(!bans.isBanned('liar 0'))
  assert.ok(bans.isBanned('liar 1') && bans.isBanned('liar 100000'))
})
