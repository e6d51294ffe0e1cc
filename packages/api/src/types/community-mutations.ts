import { requireSite } from '../records.ts'
import { refusingCommunity } from '../refusing-community.ts'
import { builder } from '../schema/builder.ts'
import { sharedPost } from './community.ts'
import { site } from './site.ts'
import { UserProblem } from '../user-problem.ts'

builder.relayMutationField(
  'communityJoin',
  { inputFields: (t) => ({ siteId: t.string({ required: true, description: 'The site.' }) }) },
  {
    description:
      'Makes a site a member of the community. The server asks its domain for a proof: the plugin, then a signed file. A repeated call proves it again.',
    resolve: async (_root, { input: { siteId } }, context) => {
      const found = await requireSite(context, siteId, 'site.configure')
      await refusingCommunity(context.community.members.join(siteId))
      return found
    },
  },
  {
    outputFields: (t) => ({
      site: t.field({ type: site, description: 'The site.', resolve: (found) => found }),
    }),
  },
)

builder.relayMutationField(
  'communityLeave',
  { inputFields: (t) => ({ siteId: t.string({ required: true, description: 'The site.' }) }) },
  {
    description:
      'Ends the membership of a site. What it shared leaves the feed, and the texts of it are erased. Its votes stay. A later membership begins with the time of a new member.',
    resolve: async (_root, { input: { siteId } }, context) => {
      const found = await requireSite(context, siteId, 'site.configure')
      await context.community.members.leave(siteId)
      return found
    },
  },
  {
    outputFields: (t) => ({
      site: t.field({ type: site, description: 'The site.', resolve: (found) => found }),
    }),
  },
)

builder.relayMutationField(
  'postShare',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true, description: 'A member site.' }),
      postId: t.string({ required: true, description: "The CMS's id of a published post." }),
    }),
  },
  {
    description:
      'Shares a published post with the community. Title, summary, picture, language, region and topics are read from its public page.',
    resolve: async (_root, { input: { siteId, postId } }, context) => {
      await requireSite(context, siteId, 'community.share')
      const { id } = await refusingCommunity(context.community.shares.share(siteId, postId))
      const entry = await context.community.feed.post(id)
      if (typeof entry !== 'string') return entry
      throw new UserProblem('CONFLICT', 'postId', 'The post was withdrawn meanwhile.')
    },
  },
  {
    outputFields: (t) => ({
      sharedPost: t.field({
        type: sharedPost,
        description: 'The post in the feed.',
        resolve: (entry) => entry,
      }),
    }),
  },
)

const voteValue = builder.enumType('VoteValue', {
  description: 'UP, DOWN, or NONE, which withdraws an earlier vote.',
  values: { UP: { value: 'up' }, DOWN: { value: 'down' }, NONE: { value: 'none' } } as const,
})

builder.relayMutationField(
  'postVote',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true, description: 'The member site that votes.' }),
      submissionId: t.string({ required: true, description: 'The submission that it votes on.' }),
      value: t.field({ type: voteValue, required: true, description: 'The vote.' }),
      reason: t.string({
        description: 'At most 500 characters, which the author sees. A downvote needs one. @default none',
      }),
    }),
  },
  {
    description:
      "Votes on a shared post with the site's standing, in place of its earlier vote. The weight is fixed now. A site has 20 votes a day.",
    resolve: async (_root, { input: { siteId, submissionId, value, reason } }, context) => {
      await requireSite(context, siteId, 'community.vote')
      const vote = { submission: submissionId, value, reason: reason ?? null }
      await refusingCommunity(context.community.vote(siteId, vote))
      return { entry: await context.community.feed.post(submissionId) }
    },
  },
  {
    outputFields: (t) => ({
      sharedPost: t.field({
        type: sharedPost,
        nullable: true,
        description: 'The post with its new numbers; null if it was hidden or withdrawn meanwhile.',
        resolve: ({ entry }) => (typeof entry === 'string' ? null : entry),
      }),
    }),
  },
)
