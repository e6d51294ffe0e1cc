import { type LentDay, maxCreditPerNetwork, type StoredGrant, type StoredOffer } from '@peerpress/registry'
import { pageWork, work } from '../limits/work.ts'
import { siteOf } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { keysetPageOf } from '../schema/keyset.ts'
import { upperCased } from './enums.ts'
import { site } from './site.ts'

const revokedReason = builder.enumType('SeedRevocation', {
  description:
    'Why the offer of a seed ended before its expiry. OWNER: its owner took it back. WRONG_CHUNK: a proof showed that it sent wrong bytes.',
  values: upperCased(['owner', 'wrong-chunk'] as const),
})

const lendingTerms = builder.interfaceRef<StoredOffer | StoredGrant>('LendingTerms').implement({
  description: 'Limits of what a seed stores and sends for others.',
  fields: (t) => ({
    seed: t.exposeString('seed', {
      description: "The seed's durable key: an Ed25519 public key, base64url.",
    }),
    maxBytes: t.expose('maxBytes', { type: 'Bytes', description: 'Stored assets at most.' }),
    bytesPerDay: t.expose('bytesPerDay', {
      type: 'Bytes',
      description: 'Sent to readers in a UTC day at most.',
    }),
    issuedAt: t.field({
      type: 'DateTime',
      description: 'When it was signed.',
      resolve: ({ issuedAt }) => new Date(issuedAt),
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When it ends by itself.',
      resolve: ({ expiresAt }) => new Date(expiresAt),
    }),
    revokedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was taken back; null if it was not.',
      resolve: ({ revokedAt }) => revokedAt,
    }),
  }),
})

/** An offer of a seed. */
const seedOffer = builder.objectRef<StoredOffer>('SeedOffer').implement({
  description:
    "A seed owner's offer to store and serve other sites' public posts. Seed and owner's site sign it.",
  interfaces: [lendingTerms],
  fields: (t) => ({
    owner: t.string({
      description: "Host of the owner's site, which gets the credit.",
      resolve: async ({ owner }, _args, { registry }) => hostOf((await registry.sites.get(owner))?.url),
    }),
    country: t.exposeString('country', {
      description: 'ISO 3166-1 alpha-2 country of the seed, as its owner states it.',
    }),
    seenAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the seed last requested its posts; null if it never has.',
      resolve: ({ seenAt }) => seenAt,
    }),
    revokedReason: t.field({
      type: revokedReason,
      nullable: true,
      description: 'Why it ended before its expiry; null if it did not.',
      resolve: (offer) => offer.revokedReason,
    }),
  }),
})

/** A grant of a site. Its global id holds `siteId/grant`. */
export const seedGrant = builder.objectRef<StoredGrant>('SeedGrant')

builder.node(seedGrant, {
  description:
    "A site's permission for one seed to store and serve its public posts. The site's key signs it.",
  interfaces: [lendingTerms],
  id: { resolve: ({ site: siteId, id }) => `${siteId}/${id}` },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'envelope' in value && 'site' in value,
  loadOne: async (id, context) => {
    const [siteId = '', grant = ''] = id.split('/')
    if ((await siteOf(context, siteId, 'report.read')) === null) return null
    const found = await context.registry.lending.findGrant(grant)
    return found?.site === siteId ? found : null
  },
  fields: (t) => ({
    envelope: t.exposeString('envelope', {
      description: 'The grant as the site signed it: a DSSE envelope as JSON.',
    }),
    offer: t.field({
      type: seedOffer,
      nullable: true,
      description: 'The offer of the seed; null if the owner has left.',
      complexity: work.record,
      resolve: ({ seed }, _args, { registry }) => registry.lending.findOffer(seed),
    }),
  }),
})

const lentDay = builder.objectRef<LentDay>('LentDay').implement({
  description: 'What one seed gave one site in one UTC day, as readers signed for it.',
  fields: (t) => ({
    day: t.exposeString('day', { description: 'The UTC day, YYYY-MM-DD.' }),
    seed: t.exposeString('seed', { description: "The seed's durable key." }),
    giver: t.string({
      description: 'Host of the site whose seed gave.',
      resolve: async ({ owner }, _args, { registry }) => hostOf((await registry.sites.get(owner))?.url),
    }),
    receiver: t.string({
      description: 'Host of the site whose readers got the bytes.',
      resolve: async ({ site: id }, _args, { registry }) => hostOf((await registry.sites.get(id))?.url),
    }),
    country: t.exposeString('country', { description: 'ISO 3166-1 alpha-2 country of the seed.' }),
    bytes: t.expose('bytes', { type: 'Bytes', description: 'Bytes that readers signed for.' }),
    credited: t.expose('credited', {
      type: 'Bytes',
      description: `The bytes that count as credit: at most ${maxCreditPerNetwork / 1024 ** 3} GiB from each network.`,
    }),
    networks: t.exposeInt('networks', { description: 'Networks whose readers signed.' }),
  }),
})

const daysArgs = { defaultValue: 30, description: 'UTC days until today, 1-366.' } as const

builder.objectFields(site, (t) => ({
  seedGrants: t.connection({
    type: seedGrant,
    description: 'Grants of the site, the latest first; also those that have ended.',
    complexity: pageWork,
    resolve: ({ id }, args, { registry }) =>
      keysetPageOf(args, {
        list: ['seed grants', id],
        load: (query) => registry.lending.grantPage(id, query),
      }),
  }),
  ownSeeds: t.connection({
    type: seedOffer,
    description: "Offers of the site's own seeds, the latest first; also those that have ended.",
    complexity: pageWork,
    resolve: ({ id }, args, { registry }) =>
      keysetPageOf(args, {
        list: ['own seeds', id],
        load: (query) => registry.lending.offerPage({ owner: id }, query),
      }),
  }),
  offeredSeeds: t.connection({
    type: seedOffer,
    description: 'Seeds of other sites that the site can grant its posts now, the latest offer first.',
    complexity: pageWork,
    resolve: ({ id }, args, { registry }) =>
      keysetPageOf(args, {
        list: ['offered seeds', id],
        load: (query) => registry.lending.offerPage({ besides: id }, query),
      }),
  }),
  seedsGave: t.connection({
    type: lentDay,
    description: "What the site's seeds gave other sites, by day, the latest first. Today's figures rise.",
    args: { days: t.arg.int(daysArgs) },
    complexity: pageWork,
    resolve: ({ id }, { days, ...args }, { registry }) =>
      keysetPageOf(args, {
        list: ['seeds gave', id, daysOf(days)],
        load: (query) => registry.lending.days({ owner: id }, daysOf(days), query),
      }),
  }),
  seedsReceived: t.connection({
    type: lentDay,
    description: "What seeds gave the site's readers, by day, the latest first. Today's figures rise.",
    args: { days: t.arg.int(daysArgs) },
    complexity: pageWork,
    resolve: ({ id }, { days, ...args }, { registry }) =>
      keysetPageOf(args, {
        list: ['seeds received', id, daysOf(days)],
        load: (query) => registry.lending.days({ site: id }, daysOf(days), query),
      }),
  }),
  seedCredit: t.field({
    type: 'Bytes',
    description:
      "Credit of the site's seeds, from closed days: bytes given to other sites, capped for each network, halved for every 30 days since. It decides whose posts are placed first when space is short, and nothing else.",
    complexity: work.record,
    resolve: async ({ id }, _args, { registry }) =>
      Math.round((await registry.lending.credits()).get(id) ?? 0),
  }),
}))

function daysOf(days: number | null | undefined): number {
  return Math.min(366, Math.max(1, days ?? 30))
}

function hostOf(url: string | undefined): string {
  return url === undefined ? 'a site that has left' : new URL(url).host
}
