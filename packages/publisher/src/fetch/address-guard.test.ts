import assert from 'node:assert/strict'
import type { LookupAddress } from 'node:dns'
import { describe, test } from 'node:test'
import { createGuardedLookup, createOpenLookup, refusePrivateHost, sharingLookups } from './address-guard.ts'

describe('hosts of URLs', () => {
  for (const host of [
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f.1',
    '[::1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    'localhost.',
    '①②⑦.⓪.⓪.①',
    '169.254.169.254',
  ]) {
    test(`refuses a URL with the host ${host}`, () =>
      assert.throws(() => refusePrivateHost(new URL(`http://${host}/`)), { code: 'private-address' }))
  }
})

describe('the lookup of a socket', () => {
  const lookup = (addresses: readonly string[], all: boolean) => {
    const guarded = createGuardedLookup((_, __, callback) => {
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      )
    })
    return new Promise<string | LookupAddress[]>((resolve, reject) => {
      guarded('name.example', { all }, (error, found) => (error === null ? resolve(found) : reject(error)))
    })
  }

  for (const all of [true, false]) {
    test(`refuses a name with only private addresses (all: ${all})`, () =>
      assert.rejects(lookup(['10.0.0.1', '::1', '::93.184.216.34'], all), { code: 'private-address' }))
  }
  test('returns only the public addresses of a name that has both kinds', async () => {
    assert.deepEqual(await lookup(['127.0.0.1', '93.184.216.34'], true), [
      { address: '93.184.216.34', family: 4 },
    ])
    assert.equal(await lookup(['127.0.0.1', '93.184.216.34'], false), '93.184.216.34')
  })
  test('passes a failed resolution on', () => {
    const guarded = createGuardedLookup((_, __, callback) => callback(new Error('no such name'), []))
    guarded('name.example', {}, (error) => assert.match(String(error), /no such name/))
  })
})

describe('the lookup of a socket that may connect anywhere', () => {
  test('returns the resolved addresses', async () => {
    const addresses = [
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ]
    const open = createOpenLookup((_, __, callback) => callback(null, addresses))
    const found = (all: boolean) =>
      new Promise((resolve) => open('name.example', { all }, (error, ...rest) => resolve([error, ...rest])))
    assert.deepEqual(await found(true), [null, addresses])
    assert.deepEqual(await found(false), [null, '127.0.0.1', 4])
  })
  test('passes on a failed resolution and an empty one', () => {
    const failing = createOpenLookup((_, __, callback) =>
      callback(new Error('no such name'), undefined as never),
    )
    failing('name.example', {}, (error) => assert.match(String(error), /no such name/))
    const empty = createOpenLookup((_, __, callback) => callback(null, []))
    empty('name.example', {}, (error) => assert.match(String(error), /no address/))
  })
})

describe('shared lookups', () => {
  test('resolve a name once for all waiting requests, and again for later ones', () => {
    const asked: { name: string; answer: (address: string) => void }[] = []
    const resolveAll = sharingLookups((name, _, callback) => {
      asked.push({ name, answer: (address) => callback(null, [{ address, family: 4 }]) })
    })
    const seen: string[] = []
    const ask = (who: string, name: string) =>
      resolveAll(name, { all: true }, (_, [first]) => seen.push(`${who} ${first?.address}`))
    for (const [who, name] of ['1 slow', '2 slow', '3 other'].map((each) => each.split(' '))) {
      ask(who ?? '', name ?? '')
    }
    assert.deepEqual(
      asked.map(({ name }) => name),
      ['slow', 'other'],
    )
    asked[1]?.answer('b')
    asked[0]?.answer('a')
    ask('4', 'slow')
    asked[2]?.answer('c')
    assert.deepEqual(seen, ['3 b', '1 a', '2 a', '4 c'])
  })
})
