import { requireSite } from '../records.ts'
import { refusingCommunity } from '../refusing-community.ts'
import { builder } from '../schema/builder.ts'
import { seedGrant } from './lending.ts'
import { site } from './site.ts'
import { UserProblem } from '../user-problem.ts'

builder.relayMutationField(
  'seedGrantMake',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true, description: 'The site whose posts the seed may serve.' }),
      seed: t.string({ required: true, description: "The seed's durable key, base64url." }),
      maxBytes: t.float({ required: true, description: 'Stored assets at most, bytes.' }),
      bytesPerDay: t.float({ required: true, description: 'Sent to readers in a UTC day at most, bytes.' }),
      expiresAt: t.field({
        type: 'DateTime',
        required: true,
        description: 'When the grant ends: within a year.',
      }),
    }),
  },
  {
    description:
      "Permits an offered seed to store and serve the site's public posts. The server signs the grant with the site's key.",
    resolve: async (_root, { input: { siteId, seed, maxBytes, bytesPerDay, expiresAt } }, context) => {
      await requireSite(context, siteId, 'site.configure')
      const limits = {
        maxBytes: bytesOf(maxBytes, 'maxBytes'),
        bytesPerDay: bytesOf(bytesPerDay, 'bytesPerDay'),
      }
      const grant = { site: siteId, seed, ...limits, expiresAt: expiresAt.getTime() }
      return refusingCommunity(context.lending.grant(grant))
    },
  },
  { outputFields: (t) => ({ grant: t.field({ type: seedGrant, resolve: (grant) => grant }) }) },
)

builder.relayMutationField(
  'seedGrantRevoke',
  {
    inputFields: (t) => ({
      seedGrantId: t.globalID({ required: true, for: seedGrant, description: "The grant's id." }),
    }),
  },
  {
    description: "Takes a grant back. The seed deletes the site's posts within an hour.",
    resolve: async (_root, { input: { seedGrantId } }, context) => {
      const [siteId = '', grant = ''] = seedGrantId.id.split('/')
      const found = await requireSite(context, siteId, 'site.configure')
      if (!(await context.lending.revokeGrant(siteId, grant))) {
        throw new UserProblem(
          'NOT_FOUND',
          'seedGrantId',
          'There is no such grant, or it was taken back before.',
        )
      }
      return found
    },
  },
  { outputFields: (t) => ({ site: t.field({ type: site, resolve: (found) => found }) }) },
)

builder.relayMutationField(
  'seedOfferRevoke',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true, description: 'The site that owns the seed.' }),
      seed: t.string({ required: true, description: "The seed's durable key, base64url." }),
    }),
  },
  {
    description: "Ends the offer of a site's own seed, until the seed is started again.",
    resolve: async (_root, { input: { siteId, seed } }, context) => {
      const found = await requireSite(context, siteId, 'site.configure')
      if (!(await context.lending.revokeOffer(siteId, seed))) {
        throw new UserProblem('NOT_FOUND', 'seed', 'The site has no such seed, or its offer has ended.')
      }
      return found
    },
  },
  { outputFields: (t) => ({ site: t.field({ type: site, resolve: (found) => found }) }) },
)

function bytesOf(value: number, field: string): number {
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new UserProblem('INVALID', field, 'A number of bytes is whole and above 0.')
}
