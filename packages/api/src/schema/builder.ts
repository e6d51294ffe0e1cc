import SchemaBuilder from '@pothos/core'
import ComplexityPlugin from '@pothos/plugin-complexity'
import RelayPlugin from '@pothos/plugin-relay'
import type { RequestContext } from '../context.ts'
import '../limits/refusal-plugin.ts'
import '../limits/user-errors-plugin.ts'
import { work } from '../limits/work.ts'
import { parseDateTime } from './scalars.ts'
import './site-ids-plugin.ts'

/** Collects the types of the schema. Every file in `types/` adds its own. */
export const builder = new SchemaBuilder<{
  Context: RequestContext
  DefaultFieldNullability: false
  DefaultEdgesNullability: { list: false; items: false }
  DefaultNodeNullability: false
  Scalars: {
    ID: { Input: string; Output: string }
    DateTime: { Input: Date; Output: Date }
    Bytes: { Input: never; Output: number }
    Count: { Input: never; Output: number }
  }
}>({
  // The last one is the closest to the resolvers: what it answers refuses no request.
  plugins: [RelayPlugin, ComplexityPlugin, 'siteIds', 'refusals', 'userErrors'],
  // `judgeWork` checks the cost before execution.
  complexity: { disabled: true, defaultComplexity: 0, defaultListMultiplier: 1 },
  defaultFieldNullability: false,
  relay: {
    clientMutationId: 'omit',
    cursorType: 'String',
    edgesFieldOptions: { nullable: { list: false, items: false } },
    nodeFieldOptions: { nullable: false },
    nodeQueryOptions: { complexity: work.record },
    nodesQueryOptions: {
      complexity: ({ ids }) => ({ field: ids.length * work.record, multiplier: ids.length }),
    },
  },
})

builder.queryType()
builder.mutationType()
builder.subscriptionType()

builder.scalarType('DateTime', {
  description: 'A moment as RFC 3339 text with its offset from UTC, such as 2026-05-01T12:00:00Z.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  parseValue: parseDateTime,
  serialize: (value) => value.toISOString(),
})

builder.scalarType('Bytes', {
  description: 'A number of bytes: a JSON number up to 2^53 - 1.',
  serialize: (value) => value,
})

builder.scalarType('Count', {
  description: 'A number of things: a JSON number without a fraction, up to 2^53 - 1.',
  serialize: (value) => value,
})
