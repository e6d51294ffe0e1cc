import assert from 'node:assert/strict'
import type { LookupAddress } from 'node:dns'
import { describe, test } from 'node:test'
import { createGuardedLookup, isPublicAddress, refusePrivateHost } from './address-guard.ts'

const nonPublic = [
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '192.168.1.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  'fe80::1',
  'fc00::1',
  'fd12::1',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '2001:db8::1',
  'not an address',
]

describe('addresses', () => {
  for (const address of nonPublic) {
    test(`${address} is not public`, () => assert.ok(!isPublicAddress(address)))
  }
  for (const address of ['93.184.216.34', '2606:4700::1111', '::ffff:93.184.216.34']) {
    test(`${address} is public`, () => assert.ok(isPublicAddress(address)))
  }
  for (const host of [
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f.1',
    '[::1]',
    '[::ffff:7f00:1]',
    '169.254.169.254',
  ]) {
    test(`a URL whose host is written ${host} is refused`, () =>
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
      assert.rejects(lookup(['10.0.0.1', '::1'], all), { code: 'private-address' }))
  }
  test('keeps to the public ones of a name that has both', async () => {
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
