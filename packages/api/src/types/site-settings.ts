import { RegistryError, type SavingsRates } from '@peerpress/registry'
import { ApiError } from '../api-error.ts'
import { defaultGramsPerGigabyte } from '../reports/savings-rates.ts'
import { builder } from '../schema/builder.ts'
import { refuseReach, requireSite } from '../records.ts'
import { site } from './site.ts'
import { UserProblem } from '../user-problem.ts'

const savingsRates = builder.objectRef<SavingsRates>('SavingsRates').implement({
  description: "What 10^9 bytes from a site's origin cost.",
  fields: (t) => ({
    pricePerGigabyte: t.float({
      nullable: true,
      description: 'In the currency. Null until somebody sets it: hosts differ too much for a default.',
      resolve: (rates) => rates.pricePerGigabyte,
    }),
    currency: t.string({
      nullable: true,
      description: 'ISO 4217. Null without a price.',
      resolve: (rates) => rates.currency,
    }),
    carbonPerGigabyte: t.float({
      description:
        'Grams of CO2e. The default, 27.17, is the operation of data centres alone: 0.055 kWh at 494 g a kWh (Sustainable Web Design, version 4).',
      resolve: (rates) => rates.carbonPerGigabyte ?? defaultGramsPerGigabyte,
    }),
    isDefaultCarbon: t.boolean({
      description: 'Whether nobody chose another amount of carbon than the default.',
      resolve: (rates) => rates.carbonPerGigabyte === null,
    }),
  }),
})

builder.objectField(site, 'savingsRates', (t) =>
  t.expose('savingsRates', {
    type: savingsRates,
    description: 'The rates of delivery.savings when its arguments name no others.',
  }),
)

const savingsRatesInput = builder.inputType('SavingsRatesInput', {
  description: "What 10^9 bytes from a site's origin cost. What is left out goes back to its default.",
  fields: (t) => ({
    pricePerGigabyte: t.float({ description: '0 to 1,000,000 of the currency. @default unknown' }),
    currency: t.string({ description: 'ISO 4217, such as EUR: with a price alone.' }),
    carbonPerGigabyte: t.float({ description: 'Grams of CO2e, 0 to 1,000,000. @default 27.17' }),
  }),
})

builder.relayMutationField(
  'siteConfigure',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true }),
      name: t.string({ description: 'Its name for people. Empty: its host stands for it.' }),
      timeZone: t.string({
        description: 'The time zone of its days, as in the IANA database: Europe/Amsterdam.',
      }),
      origins: t.stringList({
        description:
          "All further origins from which its posts and media are fetched. The home URL's stays. Only an administrator adds one to a site whose hosts may be private addresses.",
      }),
      savingsRates: t.field({
        type: savingsRatesInput,
        description: 'The rates of savings. All of them replace the former ones.',
      }),
    }),
  },
  {
    description: "Changes a site's settings. A setting that is left out or null stays as it is.",
    resolve: async (_root, { input: { siteId, name, timeZone, origins, savingsRates: rates } }, context) => {
      refuseReach(await requireSite(context, siteId, 'site.configure'), origins ?? [], context)
      try {
        const changed = await context.registry.sites.configure(siteId, {
          name: name ?? undefined,
          timeZone: timeZone ?? undefined,
          origins: origins ?? undefined,
          savingsRates: rates == null ? undefined : ratesIn(rates),
        })
        // The site was removed meanwhile.
        if (!changed) throw new UserProblem('NOT_FOUND', 'siteId', 'There is no such site.')
        return { site: changed }
      } catch (cause) {
        if (!(cause instanceof RegistryError)) throw cause
        switch (cause.code) {
          case 'invalid-name':
          case 'invalid-time-zone':
          case 'invalid-origin':
          case 'invalid-savings-rate':
            throw new ApiError('BAD_USER_INPUT', `Nothing was changed: ${cause.message}.`, { cause })
          default:
            throw cause
        }
      }
    },
  },
  { outputFields: (t) => ({ site: t.expose('site', { type: site }) }) },
)

function ratesIn({
  pricePerGigabyte,
  currency,
  carbonPerGigabyte,
}: typeof savingsRatesInput.$inferInput): SavingsRates {
  return {
    pricePerGigabyte: pricePerGigabyte ?? null,
    currency: currency ?? null,
    carbonPerGigabyte: carbonPerGigabyte ?? null,
  }
}
