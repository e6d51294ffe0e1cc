import { appealOf, type BanCase, isBanAppealed, isBanned } from '@peerpress/community'
import type { RequestContext } from '../context.ts'
import { pageWork, work } from '../limits/work.ts'
import { requireAction } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { pageOf } from '../schema/connection.ts'
import { membership } from './community.ts'

/** Returns the text with a hash; null if it was erased. */
async function textOf(
  hash: string | undefined,
  { moderation }: Pick<RequestContext, 'moderation'>,
): Promise<string | null> {
  return hash === undefined ? null : ((await moderation.texts([hash])).get(hash) ?? null)
}

/** What was decided about a member site. */
export const communityBan = builder.objectRef<BanCase>('CommunityBan').implement({
  description: 'The last decision that banned a member site or ended its ban, and the appeal against it.',
  fields: (t) => ({
    host: t.exposeString('member', { description: 'The member site, in punycode.' }),
    isBanned: t.boolean({
      description: 'Whether its votes count nothing and its posts are hidden.',
      resolve: (about) => isBanned(about),
    }),
    isOpen: t.boolean({
      description: 'Whether the operator must decide: the site has appealed against the ban.',
      resolve: (about) => isBanAppealed(about),
    }),
    decidedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the last decision was made.',
      resolve: ({ decisions }) => decisions.at(-1)?.at ?? null,
    }),
    reason: t.string({
      nullable: true,
      description: 'The reason of the last decision.',
      complexity: work.record,
      resolve: ({ decisions }, _args, context) => textOf(decisions.at(-1)?.reason, context),
    }),
    appealedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the site appealed against the last decision; null if it has not.',
      resolve: (about) => appealOf(about)?.at ?? null,
    }),
    appeal: t.string({
      nullable: true,
      description: 'The text of that appeal.',
      complexity: work.record,
      resolve: (about, _args, context) => textOf(appealOf(about)?.text, context),
    }),
  }),
})

builder.objectField(membership, 'ban', (t) =>
  t.field({
    type: communityBan,
    nullable: true,
    description:
      'The last decision about the member site, for its people; null if it was never banned. An owner appeals with communityBanAppeal.',
    complexity: work.record,
    resolve: async ({ label }, _args, { principal, moderation }) => {
      if (principal.kind === 'reader') return null
      const about = await moderation.bans.caseOf(label.member)
      return about.decisions.length === 0 ? null : about
    },
  }),
)

builder.queryFields((t) => ({
  communityBans: t.connection({
    type: communityBan,
    description:
      'Member sites that are banned, the one with the latest appeal or decision first. For administrators.',
    complexity: pageWork,
    resolve: async (_root, args, context) => {
      requireAction(context, 'installation.manage', null)
      return pageOf((await context.moderation.bans.cases()).filter(isBanned), args, rankOf)
    },
  }),
}))

function rankOf({ member, decisions, appeals }: BanCase): string {
  const last = Math.max(0, ...[...decisions, ...appeals].map(({ seq }) => seq))
  return `${String(last).padStart(16, '0')} ${member}`
}
