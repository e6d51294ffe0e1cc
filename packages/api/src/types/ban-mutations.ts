import type { BanCase } from '@peerpress/community'
import type { RequestContext } from '../context.ts'
import { requireAction, requireSite } from '../records.ts'
import { refusingCommunity } from '../refusing-community.ts'
import { builder } from '../schema/builder.ts'
import { communityBan } from './bans.ts'
import { memberOf } from './moderation.ts'

builder.relayMutationField(
  'communityBan',
  {
    inputFields: (t) => ({
      host: t.string({ required: true, description: 'The member site, in punycode.' }),
      text: t.string({ required: true, description: 'The reason, 1-2,000 characters: the site reads it.' }),
    }),
  },
  {
    description:
      'Bans a member site from the community: its votes count nothing and its posts are hidden. Banning it again answers its appeal. For administrators.',
    resolve: (_root, { input }, context) => decide(context, { ...input, action: 'ban' }),
  },
  {
    outputFields: (t) => ({
      ban: t.field({ type: communityBan, description: 'The decision.', resolve: (about) => about }),
    }),
  },
)

builder.relayMutationField(
  'communityUnban',
  {
    inputFields: (t) => ({
      host: t.string({ required: true, description: 'The member site, in punycode.' }),
      text: t.string({ required: true, description: 'The reason, 1-2,000 characters: the site reads it.' }),
    }),
  },
  {
    description:
      'Ends the ban of a member site: every score is again what it would have been without the ban. For administrators.',
    resolve: (_root, { input }, context) => decide(context, { ...input, action: 'unban' }),
  },
  {
    outputFields: (t) => ({
      ban: t.field({ type: communityBan, description: 'The decision.', resolve: (about) => about }),
    }),
  },
)

builder.relayMutationField(
  'communityBanAppeal',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true, description: 'The banned site.' }),
      text: t.string({ required: true, description: 'Why the ban should end: 1-2,000 characters.' }),
    }),
  },
  {
    description: 'Appeals once against the decision that bans the member site. The operator decides.',
    resolve: async (_root, { input: { siteId, text } }, context) => {
      await requireSite(context, siteId, 'community.share')
      const member = await memberOf(siteId, context)
      return refusingCommunity(context.moderation.bans.appeal({ member, text }))
    },
  },
  {
    outputFields: (t) => ({
      ban: t.field({
        type: communityBan,
        description: 'The decision and the appeal.',
        resolve: (about) => about,
      }),
    }),
  },
)

function decide(
  context: RequestContext,
  { host, text, action }: { readonly host: string; readonly text: string; readonly action: 'ban' | 'unban' },
): Promise<BanCase> {
  requireAction(context, 'installation.manage', null)
  const { principal, moderation } = context
  const by = principal.kind === 'administrator' ? (principal.account?.id ?? 'operator') : 'operator'
  return refusingCommunity(
    moderation.bans.decide({ member: host.trim().toLowerCase(), action, reason: text, by }),
  )
}
