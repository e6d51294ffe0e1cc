import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { type CountryOf, openCountryFile } from './country.ts'

describe('country of an address', () => {
  let countryOf: CountryOf

  before(async () => {
    countryOf = await openCountryFile()
  })

  for (const [address, country] of [
    ['193.0.6.139', 'NL'],
    ['133.11.0.1', 'JP'],
    ['8.8.8.8', 'US'],
    ['2001:67c:2e8::1', 'NL'],
    ['2001:67C:02E8:0::1', 'NL'],
    ['::ffff:193.0.6.139', 'NL'],
  ] as const) {
    test(`${address} is in ${country}`, () => assert.equal(countryOf(address), country))
  }

  for (const address of [
    '10.1.2.3',
    '192.168.0.1',
    '172.16.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.1.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fe80::1%eth0',
    'fd00::1',
    '::ffff:10.0.0.1',
    '2001:db8::1',
  ]) {
    test(`${address} is in no country`, () => assert.equal(countryOf(address), null))
  }

  for (const address of [
    '',
    'unknown',
    '8.8.8',
    '8.8.8.8.8',
    '8.8.8.8:443',
    '999.1.1.1',
    '[2001:67c:2e8::1]',
  ]) {
    test(`'${address}' is not an address, and has no country`, () => assert.equal(countryOf(address), null))
  }
})
