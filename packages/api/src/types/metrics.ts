import {
  catalogue,
  enoughSamples,
  type Group,
  type Metric,
  type Metrics,
  type Quantile,
  quantileKey,
  quantileLimits,
  type Ratings,
  wilson,
} from '@peerpress/store'
import { ApiError } from '../api-error.ts'
import { defaultGramsPerGigabyte, ratesOf } from '../reports/savings-rates.ts'
import { builder } from '../schema/builder.ts'
import { measuredValue, verdict } from './enums.ts'

/** The type of a percentile. */
export const quantile = builder.objectRef<Quantile>('Quantile').implement({
  description: 'A percentile of the measured values, with its 95 % confidence interval.',
  fields: (t) => ({
    p: t.exposeFloat('p', { description: 'Which percentile, 0-1: 0.75 for the 75th.' }),
    value: t.exposeFloat('value', { description: 'The percentile, in the unit of the measured value.' }),
    low: t.exposeFloat('low', { description: 'Lower end of the interval.' }),
    high: t.exposeFloat('high', { description: 'Upper end of the interval.' }),
    samples: t.expose('samples', {
      type: 'Count',
      description: 'Views in which it was measured.',
    }),
    enough: t.exposeBoolean('enough', {
      description: 'False when the samples are too few to conclude from.',
    }),
    error: t.exposeFloat('error', {
      description:
        'How far each of the three values may be from the exact one, ratio: 0, or 0.02 where there were so many views that bins of them were counted. The values are interpolated within the bins, so they are much closer unless measured values lie in steps.',
    }),
  }),
})

interface Share {
  readonly part: number
  readonly whole: number
}

const share = builder.objectRef<Share>('Share').implement({
  description: 'A share of views with its 95 % confidence interval (Wilson).',
  fields: (t) => ({
    value: t.float({ description: 'The share, 0-1.', resolve: ({ part, whole }) => part / whole }),
    low: t.float({
      description: 'Lower end of the interval, 0-1.',
      resolve: ({ part, whole }) => wilson(part, whole)?.low ?? Number.NaN,
    }),
    high: t.float({
      description: 'Upper end of the interval, 0-1.',
      resolve: ({ part, whole }) => wilson(part, whole)?.high ?? Number.NaN,
    }),
    samples: t.expose('whole', { type: 'Count', description: 'Views that it is a share of.' }),
    enough: t.boolean({
      description: 'False when there are fewer than 30.',
      resolve: ({ whole }) => whole >= enoughSamples,
    }),
  }),
})

const ratingShares = builder.objectRef<Ratings>('RatingShares').implement({
  description: 'The shares of views by how good a vital was. They add up to 1.',
  fields: (t) => ({
    good: t.field({
      type: share,
      description: 'Views with a good value.',
      resolve: (of) => ({ part: of.good, whole: wholeOf(of) }),
    }),
    needsImprovement: t.field({
      type: share,
      description: 'Views with a value between good and poor.',
      resolve: (of) => ({ part: of.needsImprovement, whole: wholeOf(of) }),
    }),
    poor: t.field({
      type: share,
      description: 'Views with a poor value.',
      resolve: (of) => ({ part: of.poor, whole: wholeOf(of) }),
    }),
  }),
})

function wholeOf({ good, needsImprovement, poor }: Ratings): number {
  return good + needsImprovement + poor
}

const ratings = builder.objectRef<Ratings>('Ratings').implement({
  description: 'Views by how good a vital was: https://web.dev/articles/vitals has the thresholds.',
  fields: (t) => ({
    good: t.expose('good', { type: 'Count', description: 'Views with a good value.' }),
    needsImprovement: t.expose('needsImprovement', {
      type: 'Count',
      description: 'Views with a value between good and poor.',
    }),
    poor: t.expose('poor', { type: 'Count', description: 'Views with a poor value.' }),
    shares: t.field({
      type: ratingShares,
      description: 'The same as shares of the views that measured it.',
      resolve: (of) => of,
    }),
  }),
})

/** The graph's types of metrics. */
const typeOf = {
  count: 'Count',
  bytes: 'Bytes',
  number: 'Float',
  ratio: 'Float',
  percentile: quantile,
  ratings,
  verdict,
} as const satisfies Readonly<Record<Metric['kind'], unknown>>

type Values = Readonly<Record<string, unknown>>
type GroupType = ReturnType<typeof builder.objectRef<Values>>

/** The types of the catalogue's groups, by name. */
const groupTypes = new Map<string, GroupType>()

/** The metrics of a set of page views: the catalogue as types of the graph. */
export const metrics = groupType(catalogue)

builder.objectField(metrics, 'quantile', (t) =>
  t.field({
    type: quantile,
    nullable: true,
    description: 'Any percentile of a measured value, with its 95 % interval; null: no view measured it.',
    args: {
      of: t.arg({ type: measuredValue, required: true, description: 'The measured value.' }),
      p: t.arg.float({
        required: true,
        description: `Which percentile, ${quantileLimits.from}-${quantileLimits.to}: 0.95 for the 95th. One query has at most 20 different ones.`,
      }),
    },
    resolve: (values, { of, p }) => {
      if (!(p >= quantileLimits.from && p <= quantileLimits.to)) {
        throw new ApiError('BAD_USER_INPUT', `p is ${quantileLimits.from} to ${quantileLimits.to}.`)
      }
      return (values as Metrics).quantiles?.get(quantileKey({ measure: of, p })) ?? null
    },
  }),
)

function groupType({ typeName, description, members }: Group): GroupType {
  const type = builder.objectRef<Values>(typeName)
  groupTypes.set(typeName, type)
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

interface Savings {
  readonly bytes: number
  readonly price: number | null
  readonly currency: string | null
  readonly grams: number
}

const savings = builder.objectRef<Savings>('Savings').implement({
  description:
    "What delivery by peers, seeds and mirrors saved the origin, at the site's rates or at given ones.",
  fields: (t) => ({
    bytes: t.expose('bytes', {
      type: 'Bytes',
      description: 'Bytes that the origin did not send: bytesSaved.',
    }),
    money: t.expose('price', {
      type: 'Float',
      nullable: true,
      description: 'These bytes at the given price, else at the price of the site; null without one.',
    }),
    currency: t.exposeString('currency', {
      nullable: true,
      description: "ISO 4217, of the site's price. Null with a price of your own, and without one.",
    }),
    carbonGrams: t.expose('grams', {
      type: 'Float',
      description: 'These bytes at the given rate, else at the rate of the site, grams of CO2e.',
    }),
  }),
})

const gigabyte = 1e9

const deliveryType = groupTypes.get('Delivery')
if (deliveryType === undefined) throw new Error('the catalogue has no group Delivery')
builder.objectField(deliveryType, 'savings', (t) =>
  t.field({
    type: savings,
    nullable: true,
    description: 'Saved bytes as money and carbon; null when pages with a manifest loaded no asset.',
    args: {
      pricePerGigabyte: t.arg.float({
        description:
          "Price of 10^9 bytes from the origin, in any currency. The default is the site's, see savingsRates.",
      }),
      carbonPerGigabyte: t.arg.float({
        description:
          "Grams of CO2e for 10^9 bytes from the origin. The default is the site's, see savingsRates.",
      }),
    },
    resolve: ({ bytesSaved }, { pricePerGigabyte, carbonPerGigabyte }, _context, info) => {
      for (const rate of [pricePerGigabyte, carbonPerGigabyte]) {
        if (rate != null && rate < 0) throw new ApiError('BAD_USER_INPUT', 'A rate is not below 0.')
      }
      if (typeof bytesSaved !== 'number') return null
      const gigabytes = bytesSaved / gigabyte
      const own = ratesOf(info)
      const price = pricePerGigabyte ?? own.pricePerGigabyte
      return {
        bytes: bytesSaved,
        price: price === null ? null : gigabytes * price,
        currency: pricePerGigabyte == null ? own.currency : null,
        grams: gigabytes * (carbonPerGigabyte ?? own.carbonPerGigabyte ?? defaultGramsPerGigabyte),
      }
    },
  }),
)
