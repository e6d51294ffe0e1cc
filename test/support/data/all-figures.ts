import { readFile } from 'node:fs/promises'
import { graphqlClient } from '@peerpress/cli'
import {
  buildSchema,
  getNamedType,
  type GraphQLField,
  type GraphQLOutputType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql'

const schemaFile = new URL('../../../packages/api/schema.graphql', import.meta.url)

/** Where to ask, of which site, and over which time. */
export interface FiguresOf {
  readonly url: string
  readonly siteId: string
  readonly range: { readonly from: Date; readonly to: Date }
}

/** Every figure that the graph has of a site, whatever fields its schema has, by the field and its arguments. */
export async function allFigures({ url, siteId, range }: FiguresOf): Promise<Record<string, unknown>> {
  const schema = buildSchema(await readFile(schemaFile, 'utf8'))
  const report = schema.getType('Report')
  if (!isObjectType(report)) throw new Error('the schema has no Report')
  const dimensions = schema.getType('Dimension')
  const values = dimensions && 'getValues' in dimensions ? dimensions.getValues().map(({ name }) => name) : []
  const client = graphqlClient(url)
  const figures: Record<string, unknown> = {}
  for (const field of Object.values(report.getFields())) {
    for (const call of callsOf(field, values)) {
      const query = `query($siteId: String!, $range: RangeInput!) {
        site(siteId: $siteId) { report(range: $range) { found: ${call} ${selectionOf(field.type)} } } }`
      const { site } = await client.query<{ site: { report: { found: unknown } } | null }>(query, {
        siteId,
        range,
      })
      figures[call] = site?.report.found
    }
  }
  return figures
}

/** The arguments that fields must have, by the name of the field. */
const requiredArguments: Readonly<Record<string, string>> = {
  quantile: '(of: LCP, p: 0.9)',
  series: '(interval: DAY)',
}

type Field = GraphQLField<unknown, unknown>

function callsOf(field: Field, dimensions: readonly string[]): string[] {
  // They are the figures of the report once more.
  if (field.name === 'sections') return []
  if (field.name === 'breakdown') return dimensions.map((by) => `breakdown(by: ${by})`)
  if (field.name === 'rows') return dimensions.map((by) => `rows(by: [${by}])`)
  if (field.name === 'compare') return ['compare(with: PREVIOUS_PERIOD)']
  return [callOf(field)]
}

function callOf({ name, args }: Field): string {
  const known = requiredArguments[name]
  if (known === undefined && args.some(isRequiredArgument)) throw new Error(`${name} needs an argument here`)
  return `${name}${known ?? ''}`
}

/** All figures below a type. Records, such as posts, are no figures. */
function selectionOf(type: GraphQLOutputType): string {
  const named = getNamedType(type)
  if (!isObjectType(named)) return ''
  const fields = Object.values(named.getFields())
    .filter(({ type: inner }) => isLeafType(getNamedType(inner)) || isFigures(inner))
    .map((field) => `${callOf(field)} ${selectionOf(field.type)}`)
  return `{ ${fields.join(' ')} }`
}

function isFigures(type: GraphQLOutputType): boolean {
  const named = getNamedType(type)
  return isObjectType(named) && !named.getInterfaces().some(({ name }) => name === 'Node')
}
