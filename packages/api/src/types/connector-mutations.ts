import { RegistryError } from '@peerpress/registry'
import { registryRefusal } from '../registry-refusal.ts'
import { requireSite } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { connector, connectorKind } from './connector.ts'
import { site } from './site.ts'

builder.relayMutationField(
  'connectorSet',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true }),
      kind: t.field({ type: connectorKind, required: true }),
      url: t.string({ description: "Address of the feed or sitemap, on one of the site's origins." }),
      everyMinutes: t.int({
        description:
          'Minutes from one poll to the next, 5 to 1440. The default is 15 for a feed, 60 for a sitemap.',
      }),
    }),
  },
  {
    description:
      'Adds a connector to a site, or changes the one with the same kind and URL. A feed or sitemap is polled at once. A webhook gets a new secret, and the old one ends. For owners.',
    resolve: async (_root, { input: { siteId, kind, url, everyMinutes } }, context) => {
      const owner = await requireSite(context, siteId, 'site.configure')
      try {
        return await context.registry.connectors.set({
          site: owner.id,
          kind,
          url: url ?? null,
          everyMinutes: everyMinutes ?? null,
        })
      } catch (cause) {
        // The registry refuses the caller's input here.
        if (cause instanceof RegistryError) throw registryRefusal(cause)
        throw cause
      }
    },
  },
  {
    outputFields: (t) => ({
      connector: t.expose('connector', { type: connector }),
      secret: t.exposeString('secret', {
        nullable: true,
        description:
          "Signs a webhook's events (Standard Webhooks). It is not shown again. Null for a feed or sitemap.",
      }),
    }),
  },
)

builder.relayMutationField(
  'connectorRemove',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true }),
      connectorId: t.string({ required: true }),
    }),
  },
  {
    description: 'Removes a connector of a site. Posts that it published stay published. For owners.',
    resolve: async (_root, { input: { siteId, connectorId } }, context) => {
      const owner = await requireSite(context, siteId, 'site.configure')
      return { site: owner, wasKnown: await context.registry.connectors.remove(owner.id, connectorId) }
    },
  },
  {
    outputFields: (t) => ({
      site: t.expose('site', { type: site }),
      wasKnown: t.exposeBoolean('wasKnown', { description: 'Whether the site had the connector.' }),
    }),
  },
)
