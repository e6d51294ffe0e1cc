import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addressPrefix, wholeAddress } from './address-prefix.ts'
import { TrackerError } from '../tracker-error.ts'

const isSame = (one: string, other: string) => addressPrefix(one) === addressPrefix(other)

test('takes the first 24 bits of an IPv4 address', () => {
  assert.ok(isSame('192.0.2.1', '192.0.2.254'))
  assert.ok(!isSame('192.0.2.1', '192.0.3.1'))
})

test('takes the first 48 bits of an IPv6 address', () => {
  assert.ok(isSame('2001:db8:1::1', '2001:db8:1:ffff:ffff:ffff:ffff:ffff'))
  assert.ok(!isSame('2001:db8:1::1', '2001:db8:2::1'))
})

test('gives all spellings of an address the same prefix', () => {
  assert.ok(isSame('2001:db8::1', '2001:0DB8:0:0:0:0:0:1'))
  assert.ok(isSame('192.0.2.9', '::ffff:192.0.2.1'))
  assert.ok(isSame('192.0.2.9', '::ffff:c000:0201'))
  assert.ok(isSame('fe80::1%eth0', 'fe80::2'))
})

test('gives all spellings of an address the same whole address', () => {
  assert.equal(wholeAddress('2001:db8::1'), wholeAddress('2001:0DB8:0:0:0:0:0:1'))
  assert.equal(wholeAddress('192.0.2.9'), wholeAddress('::ffff:192.0.2.9'))
  assert.notEqual(wholeAddress('192.0.2.9'), wholeAddress('192.0.2.1'))
  assert.throws(() => wholeAddress('1.2.3.4:80'), TrackerError)
})

test('distinguishes networks of the two families', () => {
  // Both begin with the bytes 32.1.13.
  assert.ok(!isSame('32.1.13.0', '2001:d00::'))
})

test('refuses a text that is not an address without repeating it', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.constantFrom('', 'unknown', '1.2.3.4:80', '[::1]', '300.1.1.1')),
      (text) => {
        try {
          assert.match(addressPrefix(text), /^ipv[46] /)
        } catch (error) {
          assert.ok(error instanceof TrackerError && error.code === 'bad-address')
          assert.equal(error.message, 'not an IP address')
        }
      },
    ),
  )
  assert.throws(() => addressPrefix('1.2.3.4:80'), TrackerError)
})
