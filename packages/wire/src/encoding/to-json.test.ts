import assert from 'node:assert/strict'
import { afterEach, suite, test } from 'node:test'
import fc from 'fast-check'
import { toJson } from './to-json.ts'

const prototypes = [Array.prototype, Object.prototype] as { toJSON?: () => unknown }[]

suite('toJson', () => {
  afterEach(() => {
    for (const prototype of prototypes) delete prototype.toJSON
  })

  test('is what JSON.stringify gives', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        assert.equal(toJson(value), JSON.stringify(value))
      }),
    )
    assert.equal(toJson({ a: undefined, b: [undefined, NaN, 'ü"\u2028'] }), '{"b":[null,null,"ü\\"\u2028"]}')
  })

  test('leaves a toJSON of the page on lists and objects aside', () => {
    for (const prototype of prototypes) {
      Object.defineProperty(prototype, 'toJSON', { value: () => 'no', configurable: true, enumerable: true })
    }
    const text = toJson({ list: [1, { a: [] }], none: null })
    for (const prototype of prototypes) delete prototype.toJSON
    assert.equal(text, '{"list":[1,{"a":[]}],"none":null}')
  })
})
