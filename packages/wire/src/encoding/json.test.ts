import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeBeacon } from '../beacon.ts'
import { decodeEnvelope, maxEnvelopeLength } from './envelope.ts'
import { decodeManifest } from '../manifest.ts'
import { decodeTrackerClientMessage } from '../tracker/tracker-client-message.ts'
import { WireError } from '../wire-error.ts'

/** The texts that are slowest to parse at a given length. */
const costly: Record<string, (length: number) => string> = {
  'nested arrays': (length) => '['.repeat(length / 2) + ']'.repeat(length / 2),
  'nested objects': (length) => '{"a":'.repeat(length / 5),
  'one long string': (length) => `"${'a'.repeat(length - 2)}"`,
  'one long field name': (length) => `{"${'a'.repeat(length - 6)}":1}`,
  'many fields': (length) => `{${Array.from({ length: length / 12 }, (_, i) => `"${i}":0`).join(',')}}`,
  'many items': (length) => `[${'0,'.repeat(length / 2 - 2)}0]`,
  'a long number': (length) => '9'.repeat(length),
  'almost base64': (length) =>
    JSON.stringify({
      payloadType: '',
      payload: `${'A'.repeat(length - 200)}!`,
      signatures: [{ keyid: '', sig: '' }],
    }),
}

for (const [name, build] of Object.entries(costly)) {
  test(`refuses ${name} of 6 MiB quickly`, { timeout: 60_000 }, () => {
    const text = build(6 * 1024 * 1024)
    const begin = process.cpuUsage()
    assert.throws(() => decodeEnvelope(text), WireError)
    assert.throws(() => decodeManifest(new TextEncoder().encode(text)), WireError)
    assert.throws(() => decodeBeacon(text), WireError)
    assert.throws(() => decodeTrackerClientMessage(build(16_000)), WireError)
    const { user } = process.cpuUsage(begin)
    // Linear work takes a fraction of this limit; quadratic work would take hours. Other processes do not count.
    assert.ok(user < 20_000_000, `${user} µs`)
  })
}

test('refuses any text over its limit without parsing it', () => {
  const text = '['.repeat(maxEnvelopeLength + 1)
  assert.throws(
    () => decodeEnvelope(text),
    (error) => error instanceof WireError && error.code === 'too-large',
  )
})
