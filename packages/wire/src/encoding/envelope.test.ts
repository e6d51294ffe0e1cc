import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { envelope } from '../arbitraries.testing.ts'
import { encodeBase64 } from './base64.ts'
import { decodeEnvelope, encodeEnvelope, maxEnvelopeLength, preAuthEncoding } from './envelope.ts'
import { decodeOrRefuse, hostileText, weight } from '../mutation.testing.ts'
import { WireError, type WireErrorCode } from '../wire-error.ts'

const refuses = (text: string, code: WireErrorCode) =>
  assert.throws(
    () => decodeEnvelope(text),
    (error) => error instanceof WireError && error.code === code,
  )

test('decodes every envelope it encoded', () => {
  fc.assert(fc.property(envelope, (value) => assert.deepEqual(decodeEnvelope(encodeEnvelope(value)), value)))
})

test('uses the field names of DSSE', () => {
  const text = encodeEnvelope({
    payloadType: 'text/plain',
    payload: new TextEncoder().encode('hello'),
    signatures: [{ keyId: 'k', bytes: new Uint8Array(64) }],
  })
  assert.deepEqual(JSON.parse(text), {
    payloadType: 'text/plain',
    payload: 'aGVsbG8=',
    signatures: [{ keyid: 'k', sig: `${'A'.repeat(86)}==` }],
  })
})

test('refuses hostile text with a typed error and holds no more data than the input', () => {
  fc.assert(
    fc.property(hostileText(envelope.map(encodeEnvelope)), (text) => {
      const value = decodeOrRefuse(() => decodeEnvelope(text))
      if (value !== null) assert.ok(weight(value) <= text.length)
    }),
    { numRuns: 500 },
  )
})

const withSignatures = (signatures: unknown) => JSON.stringify({ payloadType: '', payload: '', signatures })

test('refuses an envelope without a signature, with nine, or with one that is not 64 bytes', () => {
  const good = { keyid: '', sig: encodeBase64(new Uint8Array(64)) }
  assert.equal(decodeEnvelope(withSignatures([good])).signatures.length, 1)
  refuses(withSignatures([]), 'invalid')
  refuses(withSignatures(Array.from({ length: 9 }, () => good)), 'invalid')
  refuses(withSignatures([{ keyid: '', sig: encodeBase64(new Uint8Array(63)) }]), 'invalid')
  refuses(withSignatures([{ keyid: '', sig: '!' }]), 'malformed')
})

test('refuses more than 8 MiB before parsing', () => {
  refuses(' '.repeat(maxEnvelopeLength + 1), 'too-large')
  refuses(' '.repeat(maxEnvelopeLength), 'malformed')
})

test('encodes the signed bytes as the DSSE specification shows', () => {
  const bytes = preAuthEncoding('http://example.com/HelloWorld', new TextEncoder().encode('hello world'))
  assert.equal(new TextDecoder().decode(bytes), 'DSSEv1 29 http://example.com/HelloWorld 11 hello world')
})

test('counts bytes, not characters, in the signed bytes', () => {
  const bytes = preAuthEncoding('é', new TextEncoder().encode('ü'))
  assert.equal(new TextDecoder().decode(bytes), 'DSSEv1 2 é 2 ü')
})
