import assert from 'node:assert/strict'
import { afterEach, suite, test } from 'node:test'
import fc from 'fast-check'
import { toJson } from './to-json.ts'

const prototypes = [Array.prototype, Object.prototype] as { toJSON?: () => unknown }[]

suite('toJson', () => {
  afterEach(() => {
    for (const prototype of prototypes) delete prototype.toJSON
  })

  test('returns the same text as JSON.stringify', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        assert.equal(toJson(value), JSON.stringify(value))
      }),
    )
    assert.equal(toJson({ a: undefined, b: [undefined, NaN, 'ü"\u2028'] }), '{"b":[null,null,"ü\\"\u2028"]}')
  })

  test("ignores a toJSON that a page's script put on lists and objects", () => {
    for (const prototype of prototypes) {
      Object.defineProperty(prototype, 'toJSON', { value: () => 'no', configurable: true, enumerable: true })
    }
    const text = toJson({ list: [1, { a: [] }], none: null })
    for (const prototype of prototypes) delete prototype.toJSON
    assert.equal(text, '{"list":[1,{"a":[]}],"none":null}')
  })
})
