import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql'
import { schema } from './schema.ts'
import { texts } from './texts.ts'

/** Returns all that can be described of a type, by name. */
function partsOf(type: GraphQLNamedType): (readonly [name: string, description: unknown])[] {
  const own = [[type.name, type.description] as const]
  if (isEnumType(type)) {
    return [
      ...own,
      ...type.getValues().map((value) => [`${type.name}.${value.name}`, value.description] as const),
    ]
  }
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields())
    return [...own, ...fields.map((field) => [`${type.name}.${field.name}`, field.description] as const)]
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return own
  const fields = Object.values(type.getFields()).flatMap((field) => [
    [`${type.name}.${field.name}`, field.description] as const,
    ...field.args.map((arg) => [`${type.name}.${field.name}(${arg.name})`, arg.description] as const),
  ])
  return [...own, ...fields]
}

const parts = Object.values(schema.getTypeMap())
  .filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type))
  .flatMap(partsOf)

test('every type, field, argument and enum value has a description', () => {
  const missing = parts.filter(([, description]) => description == null || description === '')
  assert.deepEqual(
    missing.map(([name]) => name),
    [],
  )
})

test('every text describes something', () => {
  const names = new Map(parts)
  const unused = Object.entries(texts).filter(([name, text]) => names.get(name) !== text)
  assert.deepEqual(unused, [])
})
