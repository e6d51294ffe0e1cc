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
const lieTo = (accuser: string) => ({ network: 'network', accuser })

test('bans a liar for an hour', () => {
  bans.ban('liar', lieTo('victim'))
  now = 60 * minute - 1
  assert.ok(bans.isBanned('liar'))
  now++
  assert.ok(!bans.isBanned('liar'))
  assert.ok(!bans.isBanned('somebody else'))
})

test('separates two networks after several lies between them, longer each time', () => {
  bans.ban('one', lieTo('victim'))
  assert.ok(!bans.areApart('network', 'victim'))
  const waits: number[] = []
  for (const liar of ['two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']) {
    const from = now
    bans.ban(liar, lieTo('victim'))
    assert.ok(bans.areApart('victim', 'network'))
    while (bans.areApart('network', 'victim')) now += minute
    waits.push((now - from) / minute)
  }
  assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 60, 60])
})

test('separates a network only from networks that it lied to', () => {
  for (let i = 0; i < 9; i++) bans.ban(`liar ${i}`, lieTo('victim'))
  assert.ok(!bans.areApart('network', 'another network'))
  assert.ok(!bans.areApart('victim', 'another network'))
})

test('separates no networks for lies within one network, or of peers that have left', () => {
  for (let i = 0; i < 9; i++) {
    bans.ban(`own key ${i}`, lieTo('network'))
    bans.ban(`gone ${i}`, { network: undefined, accuser: 'victim' })
    bans.ban(`accused by one that is gone ${i}`, { network: 'network', accuser: undefined })
    assert.ok(bans.isBanned(`own key ${i}`) && bans.isBanned(`gone ${i}`))
  }
  assert.ok(!bans.areApart('network', 'network'))
  assert.ok(!bans.areApart('network', 'victim'))
})

test('forgets lies between two networks after an hour without further ones', () => {
  bans.ban('one', lieTo('victim'))
  now = 60 * minute
  bans.ban('two', lieTo('victim'))
  assert.ok(!bans.areApart('network', 'victim'))
})

test('counts a liar once, however many accuse it', () => {
  for (let i = 0; i < 5; i++) bans.ban('liar', lieTo('victim'))
  assert.ok(!bans.areApart('network', 'victim'))
})

test('remembers a limited number, the latest ones', () => {
  for (let i = 0; i <= 100_000; i++) bans.ban(`liar ${i}`, lieTo(`victim ${i}`))
  assert.ok(!bans.isBanned('liar 0'))
  assert.ok(bans.isBanned('liar 1') && bans.isBanned('liar 100000'))
})
