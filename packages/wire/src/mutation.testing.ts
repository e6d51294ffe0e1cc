import assert from 'node:assert/strict'
import fc from 'fast-check'
import { WireError } from './wire-error.ts'

/** Generates any text, any JSON, and broken valid messages: cut, spliced, or with another value inside. */
export function hostileText(valid: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.json(),
    fc
      .tuple(valid, splice(fc.string({ unit: 'binary', maxLength: 20 })))
      .map(([text, { at, remove, insert }]) => {
        const start = Math.floor(at * text.length)
        return text.slice(0, start) + insert + text.slice(start + remove)
      }),
    fc
      .tuple(valid, fc.nat({ max: 60 }), foreignValue)
      .map(([text, at, value]) => withForeignValue(text, at, value)),
  )
}

/** Generates any bytes and broken valid messages. */
export function hostileBytes(valid: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  return fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.tuple(valid, splice(fc.uint8Array({ maxLength: 20 }))).map(([bytes, { at, remove, insert }]) => {
      const start = Math.floor(at * bytes.length)
      return Uint8Array.from([...bytes.subarray(0, start), ...insert, ...bytes.subarray(start + remove)])
    }),
    fc
      .tuple(valid, fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 255 }))
      .map(([bytes, at, flip]) =>
        bytes.map((byte, i) => (i === Math.floor(at * bytes.length) ? byte ^ flip : byte)),
      ),
  )
}

/** Runs a decoder, and returns null if it threw a WireError with a short message. Any other error fails the test. */
export function decodeOrRefuse<Message>(decode: () => Message): Message | null {
  try {
    return decode()
  } catch (error) {
    assert.ok(error instanceof WireError, `threw ${String(error)}`)
    assert.ok(error.message.length < 400, 'a message as long as the input')
    return null
  }
}

/**
 * Returns the size of a decoded value: characters, bytes, and one for every other value. Field names are not counted.
 */
export function weight(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (value instanceof Uint8Array) return value.length
  if (typeof value !== 'object' || value === null) return 1
  return Object.values(value).reduce<number>((sum, item) => sum + weight(item), 0)
}

const foreignValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(-1, 0.5, 1e300, 2 ** 53, '', '__proto__', [], {}, null, 'x'.repeat(5000)),
)

function splice<Part>(insert: fc.Arbitrary<Part>) {
  return fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), remove: fc.nat({ max: 20 }), insert })
}

/** Replaces the `at`-th value inside the JSON text, or adds an unknown field if there is no such value. */
function withForeignValue(text: string, at: number, value: unknown): string {
  let left = at
  let replaced = false
  const visited: unknown = JSON.parse(text, (_key, old: unknown) => {
    if (left-- !== 0) return old
    replaced = true
    return value
  })
  if (replaced || typeof visited !== 'object') return JSON.stringify(visited ?? null)
  return JSON.stringify({ ...visited, [JSON.stringify(value)]: value })
}
