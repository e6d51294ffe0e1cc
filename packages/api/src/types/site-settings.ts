import { RegistryError } from '@peerpress/registry'
import { ApiError } from '../api-error.ts'
import { builder } from '../schema/builder.ts'
import { refuseReach, requireSite } from '../records.ts'
import { site } from './site.ts'

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
    }),
  },
  {
    description: "Changes a site's settings. A setting that is left out or null stays as it is.",
    resolve: async (_root, { input: { siteId, name, timeZone, origins } }, context) => {
      refuseReach(await requireSite(context, siteId, 'site.configure'), origins ?? [], context)
      try {
        const changed = await context.registry.sites.configure(siteId, {
          name: name ?? undefined,
          timeZone: timeZone ?? undefined,
          origins: origins ?? undefined,
        })
        // The site was removed meanwhile.
        if (!changed) throw new ApiError('BAD_USER_INPUT', 'There is no such site.')
        return { site: changed }
      } catch (cause) {
        if (!(cause instanceof RegistryError)) throw cause
        switch (cause.code) {
          case 'invalid-name':
          case 'invalid-time-zone':
          case 'invalid-origin':
            throw new ApiError('BAD_USER_INPUT', `Nothing was changed: ${cause.message}.`, { cause })
          default:
            throw cause
        }
      }
    },
  },
  { outputFields: (t) => ({ site: t.expose('site', { type: site }) }) },
)
