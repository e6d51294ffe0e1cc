import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedOutputType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql'

/** Returns a value for an argument or input field by its name; undefined if the walk chooses one by its type. */
export type Candidates = (name: string) => unknown

/** A query of the walk. */
export interface WalkQuery {
  readonly text: string
  /** `Type.field` of every selected field. */
  readonly selects: readonly string[]
}

/** Fields of one query: their cost and number are limited. */
const fieldsAtOnce = 60

/**
 * Creates queries that together select every field that can be reached from a field of `Query`, with every required argument,
 * every argument that names something by its id, the range of a report, and short pages. Each field
 * of a type is expanded once: how it is resolved does not depend on the path to it.
 */
export function queriesFrom(schema: GraphQLSchema, root: string, candidates: Candidates): WalkQuery[] {
  const query = schema.getQueryType()
  const field = query?.getFields()[root]
  if (query == null || field === undefined) throw new Error(`there is no query ${root}`)
  const walk = new Walk(schema, candidates)
  return walk.selections(field, query.name).map(({ text, selects }) => ({ text: `{ ${text} }`, selects }))
}

/** Creates a call of a mutation, with a value for every input field, and its payload's fields. */
export function mutationCall(schema: GraphQLSchema, name: string, candidates: Candidates): string {
  const mutation = schema.getMutationType()
  const field = mutation?.getFields()[name]
  if (mutation == null || field === undefined) throw new Error(`there is no mutation ${name}`)
  const walk = new Walk(schema, candidates, { isWhole: true })
  const payload = getNamedType(field.type)
  // A site's lists are read by queries: with all of them an answer may cost more than a request may.
  const leaves = isObjectType(payload) ? walk.shallow(payload, 1) : ''
  return `mutation { ${name}${walk.args(field.args)} { ${leaves} } }`
}

/** Creates a subscription, with its arguments and all fields of its events. */
export function subscriptionCall(schema: GraphQLSchema, name: string, candidates: Candidates): WalkQuery {
  const subscription = schema.getSubscriptionType()
  const field = subscription?.getFields()[name]
  if (subscription == null || field === undefined) throw new Error(`there is no subscription ${name}`)
  const [selection, ...more] = new Walk(schema, candidates).selections(field, subscription.name)
  if (selection === undefined || more.length > 0) throw new Error(`${name} is no single subscription`)
  return { text: `subscription { ${selection.text} }`, selects: selection.selects }
}

interface Selection {
  readonly text: string
  readonly selects: readonly string[]
}

class Walk {
  readonly #schema: GraphQLSchema
  readonly #candidates: Candidates
  /** Whether optional input is given, too. */
  readonly #isWhole: boolean
  /** `Type.field` of every field that is selected with all beneath it. */
  readonly #expanded = new Set<string>()

  constructor(schema: GraphQLSchema, candidates: Candidates, { isWhole = false } = {}) {
    this.#schema = schema
    this.#candidates = candidates
    this.#isWhole = isWhole
  }

  /** Returns selections of a field and all beneath it, in pieces that one query can take. */
  selections(field: GraphQLField<unknown, unknown>, parent: string): Selection[] {
    const type = getNamedType(field.type)
    const own = `${parent}.${field.name}`
    const call = `${field.name}${this.args(field.args)}`
    if (!isCompositeType(type)) return [{ text: call, selects: [own] }]
    const beneath = this.#expanded.has(own) ? [] : this.#expand(own, type)
    if (beneath.length === 0) return [{ text: `${call} { __typename }`, selects: [own] }]
    return packed(beneath).map(({ text, selects }) => ({
      text: `${call} { ${text} }`,
      selects: [own, ...selects],
    }))
  }

  /** Returns the fields of an object and of the objects in it, as far as they need no argument: a report needs a range. */
  shallow(type: GraphQLNamedOutputType, depth = 3): string {
    if (!isObjectType(type)) return '__typename'
    const fields = Object.values(type.getFields()).flatMap((field) => {
      const named = getNamedType(field.type)
      if (field.args.some((arg) => isRequiredArgument(arg) || arg.name === 'range')) return []
      if (!isCompositeType(named)) return [field.name]
      return depth === 0 ? [] : [`${field.name} { ${this.shallow(named, depth - 1)} }`]
    })
    return ['__typename', ...fields].join(' ')
  }

  args(args: readonly GraphQLArgument[]): string {
    // A site is named by one of its two ids, of which the walk knows this one first.
    const isShort = args.some(({ name }) => name === 'siteId')
    const given = args.filter(
      (arg) => isRequiredArgument(arg) || (this.#isGiven(arg) && !(isShort && arg.name === 'id')),
    )
    if (given.length === 0) return ''
    return `(${given.map((arg) => `${arg.name}: ${this.#value(arg.name, arg.type)}`).join(', ')})`
  }

  #expand(field: string, type: GraphQLNamedOutputType): Selection[] {
    this.#expanded.add(field)
    return this.#beneath(type)
  }

  #beneath(type: GraphQLNamedOutputType): Selection[] {
    const beneath: Selection[] = []
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        beneath.push(...this.selections(field, type.name))
      }
    }
    if (isAbstractType(type)) {
      for (const possible of this.#schema.getPossibleTypes(type)) {
        for (const { text, selects } of this.#beneath(possible)) {
          beneath.push({ text: `... on ${possible.name} { ${text} }`, selects })
        }
      }
    }
    return beneath
  }

  #isGiven({ name }: GraphQLArgument | GraphQLInputField): boolean {
    // A report needs one of several ranges.
    return this.#isWhole || ['first', 'range'].includes(name) || /ids?$/i.test(name)
  }

  #value(name: string, type: GraphQLInputType): string {
    if (isNonNullType(type)) return this.#value(name, type.ofType)
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(
        (field) => isRequiredInputField(field) || this.#isGiven(field),
      )
      return `{ ${fields.map((field) => `${field.name}: ${this.#value(field.name, field.type)}`).join(', ')} }`
    }
    const known = this.#candidates(name)
    if (isListType(type)) {
      if (Array.isArray(known)) return literalOf(known)
      return `[${this.#value(name, type.ofType)}]`
    }
    if (isEnumType(type)) return typeof known === 'string' ? known : (type.getValues()[0]?.name ?? 'null')
    // Fields of two mutations may have one name and different types.
    const isNumber = ['Float', 'Int'].includes(type.name)
    if (known !== undefined && isNumber === (typeof known === 'number')) return JSON.stringify(known)
    return defaults[type.name] ?? '"any"'
  }
}

/** Returns a value as GraphQL writes it: names of fields have no quotes. */
function literalOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literalOf).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{ ${Object.entries(value)
    .map(([name, part]) => `${name}: ${literalOf(part)}`)
    .join(', ')} }`
}

/** Values of scalars whose names say nothing. */
const defaults: Readonly<Record<string, string>> = {
  Int: '1',
  Float: '0.9',
  Boolean: 'true',
  DateTime: '"2026-05-01T00:00:00Z"',
}

/** Joins selections, so that one query has about as many fields as it may. */
function packed(selections: readonly Selection[]): Selection[] {
  const pieces: Selection[] = []
  let piece: Selection = { text: '', selects: [] }
  const seen = new Set<string>()
  for (const selection of selections) {
    const name = /^(?:\.\.\. on )?\w+/.exec(selection.text)?.[0] ?? ''
    // Two pieces of one field stay apart: their arguments could differ.
    const isFull = piece.selects.length + selection.selects.length > fieldsAtOnce || seen.has(name)
    if (isFull && piece.selects.length > 0) {
      pieces.push(piece)
      piece = { text: '', selects: [] }
      seen.clear()
    }
    seen.add(name)
    piece = { text: `${piece.text} ${selection.text}`, selects: [...piece.selects, ...selection.selects] }
  }
  if (piece.selects.length > 0) pieces.push(piece)
  return pieces
}

/** Returns `Type.field` of every field that can be reached from `Query` or `Subscription`. */
export function reachableFields(schema: GraphQLSchema): Set<string> {
  const fields = new Set<string>()
  const types = new Set<string>()
  const enter = (type: GraphQLNamedOutputType): void => {
    if (types.has(type.name) || !isCompositeType(type)) return
    types.add(type.name)
    if (isAbstractType(type)) for (const possible of schema.getPossibleTypes(type)) enter(possible)
    if (!isObjectType(type)) return
    for (const field of Object.values(type.getFields())) {
      fields.add(`${type.name}.${field.name}`)
      enter(getNamedType(field.type))
    }
  }
  for (const root of [schema.getQueryType(), schema.getSubscriptionType()]) if (root != null) enter(root)
  return fields
}
