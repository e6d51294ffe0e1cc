import { reportReasons } from '@peerpress/community'
import { requireAction, requireSite } from '../records.ts'
import { refusingCommunity } from '../refusing-community.ts'
import { builder } from '../schema/builder.ts'
import { upperCased } from './enums.ts'
import { memberOf, moderationAction, moderationCase } from './moderation.ts'

const reportReason = builder.enumType('ReportReason', {
  description: 'What is wrong with a post.',
  values: upperCased(reportReasons),
})

builder.relayMutationField(
  'postReport',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true, description: 'The member site that reports.' }),
      reportedId: t.string({ required: true, description: 'The submission of another member site.' }),
      reason: t.field({ type: reportReason, required: true, description: 'What is wrong.' }),
      text: t.string({ description: 'At most 2,000 characters for the operator alone. @default none' }),
    }),
  },
  {
    description:
      'Reports a shared post to the operator. It changes nothing else. A site has 20 reports a day.',
    resolve: async (_root, { input: { siteId, reportedId, reason, text } }, context) => {
      await requireSite(context, siteId, 'community.vote')
      const member = await memberOf(siteId, context)
      const report = { member, submission: reportedId, reason, text: text ?? null }
      const about = await refusingCommunity(context.moderation.report(report))
      return { about, as: { reporter: member } }
    },
  },
  {
    outputFields: (t) => ({
      case: t.field({ type: moderationCase, description: 'The case.', resolve: (seen) => seen }),
    }),
  },
)

builder.relayMutationField(
  'moderationAppeal',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true, description: 'The site that shared the post.' }),
      submissionId: t.string({ required: true, description: 'The hidden submission.' }),
      text: t.string({ required: true, description: 'Why it should be shown: 1-2,000 characters.' }),
    }),
  },
  {
    description: 'Appeals once against the decision that hides a post. The operator decides.',
    resolve: async (_root, { input: { siteId, submissionId, text } }, context) => {
      await requireSite(context, siteId, 'community.share')
      const member = await memberOf(siteId, context)
      const about = await refusingCommunity(
        context.moderation.appeal({ member, submission: submissionId, text }),
      )
      return { about, as: 'author' as const }
    },
  },
  {
    outputFields: (t) => ({
      case: t.field({ type: moderationCase, description: 'The case.', resolve: (seen) => seen }),
    }),
  },
)

builder.relayMutationField(
  'moderationDecide',
  {
    inputFields: (t) => ({
      submissionId: t.string({ required: true, description: 'The submission.' }),
      action: t.field({ type: moderationAction, required: true, description: 'What becomes of it.' }),
      text: t.string({
        required: true,
        description:
          'The reason, 1-2,000 characters: the site that shared the post and those that reported it read it.',
      }),
    }),
  },
  {
    description:
      'Decides about a shared post, with a reason. It answers all reports until now and an open appeal. For administrators.',
    resolve: async (_root, { input: { submissionId, action, text } }, context) => {
      requireAction(context, 'installation.manage', null)
      const { principal } = context
      const by = principal.kind === 'administrator' ? (principal.account?.id ?? 'operator') : 'operator'
      const decision = { submission: submissionId, action, reason: text, by }
      const about = await refusingCommunity(context.moderation.decide(decision))
      return { about, as: 'operator' as const }
    },
  },
  {
    outputFields: (t) => ({
      case: t.field({ type: moderationCase, description: 'The case.', resolve: (seen) => seen }),
    }),
  },
)
