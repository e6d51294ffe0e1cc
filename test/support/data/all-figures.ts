import { readFile } from 'node:fs/promises'
import { graphqlClient } from '@peerpress/cli'
import { buildSchema, type GraphQLOutputType, getNamedType, isLeafType, isObjectType } from 'graphql'

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
  for (const { name, type } of Object.values(report.getFields())) {
    const calls =
      name === 'breakdown'
        ? values.map((value) => `breakdown(by: ${value})`)
        : [name === 'series' ? 'series(interval: DAY)' : name]
    for (const call of calls) {
      const query = `query($siteId: String!, $range: RangeInput!) {
        site(siteId: $siteId) { report(range: $range) { found: ${call} ${selectionOf(type)} } } }`
      const { site } = await client.ask<{ site: { report: { found: unknown } } | null }>(query, {
        siteId,
        range,
      })
      figures[call] = site?.report.found
    }
  }
  return figures
}

function selectionOf(type: GraphQLOutputType): string {
  const named = getNamedType(type)
  if (isLeafType(named) || !isObjectType(named)) return ''
  const fields = Object.values(named.getFields()).map((field) => `${field.name} ${selectionOf(field.type)}`)
  return `{ ${fields.join(' ')} }`
}
