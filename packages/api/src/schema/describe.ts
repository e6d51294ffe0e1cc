import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
} from 'graphql'
import { texts } from './texts.ts'

/**
 * Describes what its definition leaves out: types and fields that follow a convention, enum values that the text of their
 * type explains (`NAME: sentence.`), and the entries of {@link texts}.
 */
export function describe(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type)) continue
    type.description ??= texts[type.name] ?? textOfType(type)
    if (isEnumType(type)) {
      for (const value of type.getValues()) {
        value.description ??=
          texts[`${type.name}.${value.name}`] ?? textIn(type.description ?? '', value.name)
      }
    }
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) describeField(type, field)
    }
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        describeField(type, field)
        for (const arg of field.args) {
          arg.description ??= texts[`${type.name}.${field.name}(${arg.name})`] ?? listArguments[arg.name]
        }
      }
    }
  }
  return schema
}

function describeField(
  { name: typeName }: GraphQLNamedType,
  field: GraphQLField<unknown, unknown> | GraphQLInputField,
): void {
  const list = /(?:Connection|Edge)$/.test(typeName) ? lists[field.name] : undefined
  field.description ??= texts[`${typeName}.${field.name}`] ?? list ?? fields[field.name]
}

function textOfType({ name }: GraphQLNamedType): string | undefined {
  const [, mutation, part] = /^(.+)(Input|Payload)$/.exec(name) ?? []
  const field = mutation && `${mutation.charAt(0).toLowerCase()}${mutation.slice(1)}`
  if (part === 'Input') return `The input of ${field}.`
  if (part === 'Payload') return `The result of ${field}.`
  if (name.endsWith('ConnectionEdge')) return 'An entry of a list, and its cursor.'
  return name.endsWith('Connection') ? 'A page of a list.' : undefined
}

/** Returns the sentence about a value in the text of its type: `ONE: sentence.`, or `ONE, TWO: sentence.` */
function textIn(text: string, name: string): string | undefined {
  for (const sentence of text.split('. ')) {
    const [names = '', ...said] = sentence.split(': ')
    const found = names.split(', ').includes(name) ? said.join(': ').replace(/\.$/, '') : ''
    if (found !== '') return `${found.charAt(0).toUpperCase()}${found.slice(1)}.`
  }
  return undefined
}

/** Fields of many types. */
const fields: Readonly<Record<string, string>> = {
  id: 'The global id, for `node`.',
  siteId: "The site's siteId, or its global id.",
  site: 'The site.',
  createdAt: 'When it was created.',
  accountId: "The account's accountId.",
  email: 'An e-mail address.',
}

const lists: Readonly<Record<string, string>> = {
  edges: 'The entries with their cursors.',
  nodes: 'The entries.',
  node: 'The entry.',
  cursor: 'For `after` and `before` of the same list.',
  pageInfo: 'Whether there are more entries.',
  totalCount: 'Number of entries of all pages.',
}

const listArguments: Readonly<Record<string, GraphQLArgument['description'] & string>> = {
  input: 'The input.',
  first: 'Number of entries from the start, 1 to 100.',
  last: 'Number of entries from the end, 1 to 100.',
  after: 'A cursor of the same list: entries after it.',
  before: 'A cursor of the same list: entries before it.',
}
