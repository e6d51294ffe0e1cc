import { catalogue, type Group, type Metric, type Quantile, type Ratings } from '@peerpress/store'
import { builder } from '../schema/builder.ts'

const quantile = builder.objectRef<Quantile>('Quantile').implement({
  description: 'A percentile of the measured values, with its 95 % confidence interval.',
  fields: (t) => ({
    value: t.exposeFloat('value'),
    low: t.exposeFloat('low', { description: 'Lower end of the interval.' }),
    high: t.exposeFloat('high', { description: 'Upper end of the interval.' }),
    samples: t.exposeInt('samples', { description: 'Views in which it was measured.' }),
    enough: t.exposeBoolean('enough', {
      description: 'False when the samples are too few to conclude from.',
    }),
    error: t.exposeFloat('error', {
      description:
        'How far each of the three values may be from the exact one, ratio: 0, or 0.02 where there were so many views that bins of them were counted. The values are interpolated within the bins, so they are much closer unless measured values lie in steps.',
    }),
  }),
})

const ratings = builder.objectRef<Ratings>('Ratings').implement({
  description: 'Views by how good a vital was: https://web.dev/articles/vitals has the thresholds.',
  fields: (t) => ({
    good: t.exposeInt('good'),
    needsImprovement: t.exposeInt('needsImprovement'),
    poor: t.exposeInt('poor'),
  }),
})

/** The graph's types of metrics. */
const typeOf = {
  count: 'Int',
  bytes: 'Bytes',
  number: 'Float',
  ratio: 'Float',
  percentile: quantile,
  ratings,
} as const satisfies Readonly<Record<Metric['kind'], unknown>>

type Values = Readonly<Record<string, unknown>>
type GroupType = ReturnType<typeof builder.objectRef<Values>>

/** The metrics of a set of page views: the catalogue as types of the graph. */
export const metrics = groupType(catalogue)

function groupType({ typeName, description, members }: Group): GroupType {
  const type = builder.objectRef<Values>(typeName)
  const inner = new Map(
    Object.entries(members).flatMap(([name, member]) =>
      member.kind === 'group' ? [[name, groupType(member)] as const] : [],
    ),
  )
  type.implement({
    description,
    fields: (t) =>
      Object.fromEntries(
        Object.entries(members).map(([name, member]) => {
          const group = inner.get(name)
          if (group !== undefined) {
            return [name, t.field({ type: group, resolve: (values) => values[name] as Values })]
          }
          const { kind, isNullable: nullable, description: text } = member as Metric
          const resolve = (values: Values) => values[name] as never
          return [name, t.field({ type: typeOf[kind], nullable, description: text, resolve })]
        }),
      ),
  })
  return type
}
