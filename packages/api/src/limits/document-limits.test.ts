import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getIntrospectionQuery, parse, validate } from 'graphql'
import { schema } from '../schema/schema.ts'
import { documentLimits, documentLimitsRule } from './document-limits.ts'

const codes = (query: string) =>
  validate(schema, parse(query), [documentLimitsRule]).map(({ extensions }) => extensions['code'])

test("the introspection query of GraphQL's own tools is within the limits", () => {
  assert.deepEqual(codes(getIntrospectionQuery({ specifiedByUrl: true, inputValueDeprecation: true })), [])
})

test('a query that nests deeper than allowed is refused', () => {
  const nested = (levels: number) => '{ a '.repeat(levels) + '}'.repeat(levels)
  assert.deepEqual(codes(nested(documentLimits.depth)), [])
  assert.deepEqual(codes(nested(documentLimits.depth + 1)), ['QUERY_TOO_COMPLEX'])
})

test('depth is counted through fragments', () => {
  const half = '{ a '.repeat(documentLimits.depth - 1) + '{ ...rest } ' + '}'.repeat(documentLimits.depth - 1)
  assert.deepEqual(codes(`${half} fragment rest on Query { a { b { c } } }`), ['QUERY_TOO_COMPLEX'])
})

test('aliases count as fields', () => {
  const aliased = (count: number) => `{ ${Array.from({ length: count }, (_, i) => `a${i}: a`).join(' ')} }`
  assert.deepEqual(codes(aliased(documentLimits.fields)), [])
  assert.deepEqual(codes(aliased(documentLimits.fields + 1)), ['QUERY_TOO_COMPLEX'])
})

test('fragments that multiply each other are counted in expanded form, at once', () => {
  const levels = Array.from({ length: 40 }, (_, i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`)
  assert.deepEqual(codes(`{ ...f0 } ${levels.join(' ')} fragment f40 on Query { a }`), ['QUERY_TOO_COMPLEX'])
})

test('cyclic fragments do not hang the count', () => {
  assert.deepEqual(codes('{ ...a } fragment a on Query { x ...b } fragment b on Query { y ...a }'), [])
})
