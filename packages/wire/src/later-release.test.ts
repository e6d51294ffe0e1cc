import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { beacon, pageConfig } from './arbitraries.testing.ts'
import { checkBeacon, encodeBeacon } from './beacon.ts'
import { decodeEnvelope, encodeEnvelope } from './encoding/envelope.ts'
import { decodeLease, encodeLease } from './page/lease.ts'
import { decodeManifest, encodeManifest } from './manifest.ts'
import { trackerClientMessage, trackerServerMessage } from './message-arbitraries.testing.ts'
import { decodePageConfig, encodePageConfig } from './page/page-config.ts'
import { decodeTrackerClientMessage } from './tracker/tracker-client-message.ts'
import { encodeTrackerMessage } from './tracker/tracker-message.ts'
import { decodeTrackerServerMessage } from './tracker/tracker-server-message.ts'
import { WireError } from './wire-error.ts'

/**
 * Returns the message as an imaginary release 0.9 would send it, with two more fields in each object, and the number of
 * added fields.
 */
function asRelease09(text: string): { readonly text: string; readonly added: number } {
  let added = 0
  const extend = (_name: string, value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    added += 2
    return { since09: [1, 'x'], ...value, alsoSince09: null }
  }
  return { text: JSON.stringify(JSON.parse(text), extend), added: added }
}

const bytesOf = (text: string) => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

test('decodes a beacon of a later release, drops the unknown fields and counts them', () => {
  fc.assert(
    fc.property(beacon, (value) => {
      const { text, added } = asRelease09(encodeBeacon(value))
      const tally = { unknownFields: 0 }
      assert.deepEqual(checkBeacon(JSON.parse(text), tally), value)
      assert.equal(tally.unknownFields, added)
    }),
    { numRuns: 200 },
  )
})

test('decodes a message to the tracker of a later release in the same way', () => {
  fc.assert(
    fc.property(trackerClientMessage, (value) => {
      const { text, added } = asRelease09(encodeTrackerMessage(value))
      const tally = { unknownFields: 0 }
      assert.deepEqual(decodeTrackerClientMessage(text, tally), value)
      assert.equal(tally.unknownFields, added)
      decodeTrackerClientMessage(encodeTrackerMessage(value), tally)
      assert.equal(tally.unknownFields, added)
    }),
  )
})

test('decodes a message from a tracker of a later release, and returns null for an unknown type', () => {
  fc.assert(
    fc.property(trackerServerMessage, (value) =>
      assert.deepEqual(decodeTrackerServerMessage(asRelease09(encodeTrackerMessage(value)).text), value),
    ),
  )
  const codeOf = (text: string) => {
    try {
      return decodeTrackerServerMessage(text)
    } catch (error) {
      return error instanceof WireError && error.code
    }
  }
  assert.equal(codeOf('{"type":"policy","mode":"off"}'), null)
  for (const text of ['{"mode":"off"}', '{"type":1}', '[]', 'null']) assert.equal(codeOf(text), 'invalid')
})

test('decodes the page configuration of a later release', () => {
  fc.assert(
    fc.property(pageConfig, (value) =>
      assert.deepEqual(decodePageConfig(asRelease09(encodePageConfig(value)).text), value),
    ),
  )
})

test('decodes an envelope, a manifest and a lease of a later release', () => {
  const lease = { site: 'abcdefgh01234567', issuedAt: 1_790_000_000_000, length: 604_800_000 }
  assert.deepEqual(decodeLease(bytesOf(asRelease09(textOf(encodeLease(lease))).text)), lease)
  const manifest = {
    site: lease.site,
    post: '12',
    version: 3,
    issuedAt: lease.issuedAt,
    url: 'https://blog.example/',
    revoked: false,
    assets: [
      {
        id: 'ab'.repeat(32),
        url: 'https://blog.example/a.jpg',
        type: 'image/jpeg',
        size: 10,
        chunkSize: 64 * 1024,
        hashes: new Uint8Array(32),
      },
    ],
  }
  const later = bytesOf(asRelease09(textOf(encodeManifest(manifest))).text)
  assert.deepEqual(decodeManifest(later), manifest)
  const envelope = {
    payloadType: 'application/json',
    payload: later,
    signatures: [{ keyId: 'k', bytes: new Uint8Array(64) }],
  }
  assert.deepEqual(decodeEnvelope(asRelease09(encodeEnvelope(envelope)).text), envelope)
})
