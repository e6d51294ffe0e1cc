import { actorOf } from '@peerpress/accounts'
import { work } from '../limits/work.ts'
import { requireAction, requireSite } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { site } from './site.ts'
import { UserProblem } from '../user-problem.ts'

builder.objectFields(site, (t) => ({
  formerKeysUntil: t.field({
    type: 'DateTime',
    nullable: true,
    description:
      'Until when manifests are signed with a former key, too, for pages in caches. Null if there is none. For owners.',
    complexity: work.record,
    resolve: ({ id }, _args, context) => {
      requireAction(context, 'site.configure', id)
      return context.registry.sites.formerKeysUntil(id)
    },
  }),
}))

builder.relayMutationField(
  'signingKeyRotate',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true, description: "The site's id." }),
      endsFormer: t.boolean({
        description:
          'Whether the former keys end at once, because one became known. Pages in caches then load from the origin alone until they have the new key. The default is false.',
      }),
    }),
  },
  {
    description:
      "Draws the site's signing key anew. For 90 days its manifests have the signatures of both keys, so that pages in caches go on. The CMS puts the new key into pages once it is connected again. For owners.",
    resolve: async (_root, { input: { siteId, endsFormer } }, context) => {
      const { id } = await requireSite(context, siteId, 'site.configure')
      await context.keys.rotateSigningKey(id, {
        actor: actorOf(context.principal),
        endsFormer: endsFormer === true,
      })
      return { site: await requireSite(context, siteId, 'site.configure') }
    },
  },
  {
    outputFields: (t) => ({
      site: t.expose('site', { type: site, description: 'The site with its new key.' }),
    }),
  },
)

builder.relayMutationField(
  'webhookSecretRotate',
  { inputFields: (t) => ({ siteId: t.string({ required: true, description: "The site's id." }) }) },
  {
    description:
      "Draws the secret that signs a site's events anew. The former one holds until the first event that the new one has signed. A plugin gets a new secret by connecting again. For owners.",
    resolve: async (_root, { input: { siteId } }, context) => {
      const { id } = await requireSite(context, siteId, 'site.configure')
      const secret = await context.registry.sites.rotateWebhookSecret(id, actorOf(context.principal))
      // The site was removed meanwhile.
      if (secret === null) throw new UserProblem('NOT_FOUND', 'siteId', 'There is no such site.')
      return { secret }
    },
  },
  {
    outputFields: (t) => ({
      secret: t.exposeString('secret', { description: 'whsec_…, for the CMS. It is not shown again.' }),
    }),
  },
)
