import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeLease, encodeLease, type Lease } from './lease.ts'
import { WireError } from '../wire-error.ts'

const lease: Lease = { site: 'abcdefgh01234567', issuedAt: 1_790_000_000_000, length: 604_800_000 }

test('decodes the lease it encoded', () => {
  assert.deepEqual(decodeLease(encodeLease(lease)), lease)
})

test('refuses invalid leases', () => {
  for (const wrong of [
    { ...lease, site: '' },
    { ...lease, issuedAt: -1 },
    { ...lease, length: 0 },
    // Longer than a worker may live without a renewal.
    { ...lease, length: 366 * 24 * 60 * 60 * 1000 },
  ]) {
    assert.throws(() => decodeLease(encodeAnything(wrong)), WireError)
  }
  assert.throws(() => decodeLease(new Uint8Array([0xff, 0xfe])), WireError)
})

function encodeAnything(value: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}
