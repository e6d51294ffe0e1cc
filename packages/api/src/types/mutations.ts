import { PublisherError } from '@peerpress/publisher'
import { parseHttpUrl, RegistryError } from '@peerpress/registry'
import { postIdSchema } from '@peerpress/wire'
import * as v from 'valibot'
import { ApiError } from '../api-error.ts'
import { registryRefusal } from '../registry-refusal.ts'
import { builder } from '../schema/builder.ts'
import { requireAction, requireSite } from '../records.ts'
import { consent, mode } from './enums.ts'
import { site } from './site.ts'
import { UserProblem } from '../user-problem.ts'

builder.relayMutationField(
  'siteAdd',
  {
    inputFields: (t) => ({
      url: t.string({ required: true, description: 'Its home URL.' }),
      origins: t.stringList({ description: 'Further origins from which its media are fetched.' }),
      consent: t.field({
        type: consent,
        required: true,
        description:
          'ASSUMED: readers take part unless they object. NOTICE: a notice informs them first, and they may decline. REQUIRED: readers take part only after they agreed.',
      }),
      mode: t.field({ type: mode, description: 'The default is FULL.' }),
      allowPrivateAddresses: t.boolean({
        required: true,
        description: "The site's hosts may be private, link-local or loopback addresses.",
      }),
    }),
  },
  {
    description:
      'Registers a site. For administrators: other accounts connect a site from its CMS, which proves that it is theirs.',
    resolve: async (_root, { input }, context) => {
      requireAction(context, 'installation.manage', null)
      try {
        return await context.registry.sites.add({
          ...input,
          origins: input.origins ?? [],
          mode: input.mode ?? undefined,
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
      site: t.expose('site', { type: site }),
      webhookSecret: t.exposeString('webhookSecret', {
        description: "Signs the site's events (Standard Webhooks). It is not shown again.",
      }),
    }),
  },
)

builder.relayMutationField(
  'sitePolicySet',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true }),
      mode: t.field({ type: mode, required: true }),
      consent: t.field({ type: consent, required: true }),
    }),
  },
  {
    description:
      "Records the policy of a site's owner. Pages with a looser policy have no peers within a minute. A connected CMS replaces it when its owner changes the policy there.",
    resolve: async (_root, { input: { siteId, ...policy } }, context) => {
      await requireSite(context, siteId, 'site.configure')
      const outcome = await context.registry.sites.setPolicy(siteId, policy, new Date())
      if (outcome === 'unknown-site') throw new UserProblem('NOT_FOUND', 'siteId', 'There is no such site.')
      if (outcome === 'outdated') {
        throw new UserProblem(
          'CONFLICT',
          null,
          'The site sent a later policy: its clock is ahead of this server’s.',
        )
      }
      return { site: await requireSite(context, siteId, 'site.configure') }
    },
  },
  { outputFields: (t) => ({ site: t.expose('site', { type: site }) }) },
)

builder.relayMutationField(
  'postPublish',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true }),
      postId: t.string({ required: true, description: "The CMS's id of the post." }),
      url: t.string({ required: true, description: "The post's public URL, on one of the site's origins." }),
    }),
  },
  {
    description: 'Queues a post for publication.',
    resolve: async (_root, { input: { siteId, postId, url } }, context) => {
      const owner = await requireSite(context, siteId, 'post.publish')
      if (!v.is(postIdSchema, postId)) throw new UserProblem('INVALID', 'postId', 'Not a post id.')
      const parsed = parseHttpUrl(url)
      if (parsed === null || !owner.origins.includes(parsed.origin)) {
        throw new UserProblem('INVALID', 'url', "The url is not on one of the site's origins.")
      }
      try {
        await context.publisher.publish(siteId, postId, url)
      } catch (cause) {
        // The site was removed or changed in the meantime.
        if (cause instanceof PublisherError) throw new ApiError('BAD_USER_INPUT', cause.message, { cause })
        throw cause
      }
      return { accepted: true }
    },
  },
  { outputFields: (t) => ({ accepted: t.exposeBoolean('accepted') }) },
)
