import { may } from '@peerpress/accounts'
import {
  type DownvoteReason,
  type FeedEntry,
  hotView,
  type MemberLabel,
  type Membership,
  type PostScore,
} from '@peerpress/community'
import type { DefaultConnectionArguments } from '@pothos/plugin-relay'
import { ApiError } from '../api-error.ts'
import { pageSizes, pageWork, work } from '../limits/work.ts'
import { requireAction } from '../records.ts'
import { refusingCommunity } from '../refusing-community.ts'
import { builder } from '../schema/builder.ts'
import { keysetPageOf } from '../schema/keyset.ts'
import { site } from './site.ts'

const feedOrder = builder.enumType('FeedOrder', {
  description:
    'The order of the feed. HOT: by votes, measured performance and time of submission. NEW: latest first.',
  values: { HOT: { value: 'hot' }, NEW: { value: 'new' } } as const,
})

const memberSite = builder.objectRef<MemberLabel>('MemberSite').implement({
  description: 'A domain whose owner proved control of it, as everybody may see it.',
  fields: (t) => ({
    host: t.exposeString('member', {
      description: 'The registrable domain, or the host below it that alone is proven; in punycode.',
    }),
    name: t.string({
      description: 'The host for people. International letters are shown only if nothing looks like them.',
      resolve: ({ shown }) => shown.text,
    }),
    isPunycode: t.boolean({
      description: 'Whether the name is in punycode, because its letters could be mistaken for others.',
      resolve: ({ shown }) => shown.isPunycode,
    }),
    lookAlikes: t.stringList({
      description: 'Other member sites whose names look the same (UTS 39), at most 5.',
      resolve: ({ lookAlikes }) => lookAlikes.slice(0, 5),
    }),
  }),
})

const postScore = builder.objectRef<PostScore>('PostScore').implement({
  description: 'The numbers from which the place of a shared post follows. They are public.',
  fields: (t) => ({
    upVotes: t.exposeInt('upVotes', { description: 'Upvotes, whatever they weigh.' }),
    downVotes: t.exposeInt('downVotes', { description: 'Downvotes, whatever they weigh.' }),
    upWeight: t.exposeFloat('upWeight', { description: 'U: the sum of the weights of its upvotes.' }),
    downWeight: t.exposeFloat('downWeight', { description: 'The sum of the weights of its downvotes.' }),
    quality: t.exposeFloat('quality', {
      description:
        'Q, 0-1: the Wilson lower bound (z = 1.28) of the weighted votes with a prior of 4 votes at the mean.',
    }),
    mean: t.exposeFloat('mean', {
      description: 'The weighted share of upvotes in the whole feed, 0-1.',
    }),
    factor: t.exposeFloat('factor', {
      description:
        'F, 0.8-1.2: engaged time, speed and reliability among the posts of the same site; 1 if not measured.',
    }),
    hours: t.exposeFloat('hours', {
      description: 't: hours from the beginning of the feed to the submission.',
    }),
    hot: t.exposeFloat('hot', {
      description: 'log2(max(1, U × Q × F)) + t / 48. Lists in the order HOT are ordered by it.',
    }),
  }),
})

const downvoteReason = builder.objectRef<DownvoteReason>('DownvoteReason').implement({
  description: 'Why a member site voted against a post.',
  fields: (t) => ({
    host: t.exposeString('member', { description: 'The member site that voted, in punycode.' }),
    reason: t.exposeString('reason', { description: 'Plain text, at most 500 characters.' }),
  }),
})

/** Reasons that one field returns at most. */
const maxReasons = 20

/** A shared post. Its global id holds the id of the submission. */
export const sharedPost = builder.objectRef<FeedEntry>('SharedPost')

builder.node(sharedPost, {
  description:
    'A post that its site shared with the community, as its public page describes it. All texts are plain.',
  id: { resolve: ({ post }) => post.id },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'label' in value && 'score' in value,
  loadOne: async (id, { community }) => {
    const found = await community.feed.post(id)
    return typeof found === 'string' ? null : found
  },
  fields: (t) => ({
    submissionId: t.string({ description: 'The id of the submission.', resolve: ({ post }) => post.id }),
    title: t.string({ description: 'At most 200 characters.', resolve: ({ post }) => post.title }),
    summary: t.string({
      description: 'At most 400 characters; empty if the page has none.',
      resolve: ({ post }) => post.summary,
    }),
    url: t.string({
      description: 'The canonical address of its public page, on the member site.',
      resolve: ({ post }) => post.url,
    }),
    language: t.string({
      nullable: true,
      description: 'ISO 639, such as de; null if the page names none.',
      resolve: ({ post }) => post.language,
    }),
    region: t.string({
      nullable: true,
      description: 'ISO 3166-1 alpha-2, such as AT; null if the page names none.',
      resolve: ({ post }) => post.region,
    }),
    topics: t.stringList({
      description: 'In lower case, at most 5.',
      resolve: ({ post }) => [...post.topics],
    }),
    sharedAt: t.field({
      type: 'DateTime',
      description: 'When it was submitted.',
      resolve: ({ post }) => post.sharedAt,
    }),
    isShown: t.boolean({
      description: 'False if it is hidden, if the post was revoked, or if its site is no member any more.',
      resolve: (entry) => entry.post.isPublic && !('isHidden' in entry && entry.isHidden === true),
    }),
    member: t.field({
      type: memberSite,
      description: 'The member site that shared it.',
      resolve: ({ label }) => label,
    }),
    reasons: t.field({
      type: [downvoteReason],
      nullable: true,
      description: 'The reasons of its latest downvotes, at most 20. Null unless you may read its site.',
      complexity: work.record,
      resolve: ({ post }, _args, { principal, community }) =>
        may(principal, 'report.read', post.site) && principal.kind !== 'reader'
          ? community.feed.reasonsOf(post.id, maxReasons)
          : null,
    }),
    score: t.field({
      type: postScore,
      description: 'Why it is where it is.',
      resolve: ({ score }) => score,
    }),
  }),
})

/** A site's membership. */
export const membership = builder.objectRef<Membership>('Membership').implement({
  description: 'The membership of a site in the community.',
  fields: (t) => ({
    member: t.field({ type: memberSite, description: 'What it has proven.', resolve: ({ label }) => label }),
    domain: t.exposeString('domain', {
      description: 'The registrable domain of the member site. Sites below one domain are one cluster.',
    }),
    method: t.exposeString('method', {
      description: 'How it was proven last: plugin (a challenge) or file (a signed file).',
    }),
    joinedAt: t.expose('joinedAt', {
      type: 'DateTime',
      description: 'When it was proven first, without an interruption since.',
    }),
    provenAt: t.expose('provenAt', {
      type: 'DateTime',
      description: 'When it was proven last. Proofs are repeated each day from an age of 23 days on.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'When the membership lapses unless the proof is repeated.',
    }),
    problem: t.exposeString('problem', {
      nullable: true,
      description: 'Why the last attempt to repeat the proof failed; null if it succeeded.',
    }),
    trust: t.exposeFloat('trust', {
      description:
        'T: 0 until the member site is 14 days old and has 100 measured human views, then 0.5, and 1 after 90 days.',
    }),
    isBanned: t.exposeBoolean('isBanned', { description: 'Whether the operator banned the member site.' }),
  }),
})

builder.objectFields(site, (t) => ({
  membership: t.field({
    type: membership,
    nullable: true,
    description: 'Its membership in the community; null if it is no member.',
    complexity: work.query,
    resolve: ({ id }, _args, { community }) => community.feed.membership(id),
  }),
  membershipProofFile: t.string({
    description:
      'The content of /.well-known/peerpress.json that proves its domain without a plugin, as JSON. For owners.',
    complexity: work.record,
    nullable: true,
    resolve: (found, _args, context) => {
      requireAction(context, 'site.configure', found.id)
      return refusingCommunity(context.community.members.proofFile(found))
    },
  }),
  sharedPosts: t.connection({
    type: sharedPost,
    description:
      'What it shared with the community, latest first, also what is hidden or withdrawn. A page may have fewer entries than first.',
    complexity: pageWork,
    resolve: async ({ id }, args, { community }) => {
      const { edges, pageInfo } = await keysetPageOf(args, {
        list: ['shared posts', id],
        load: (query) => community.feed.sharedBy(id, query),
      })
      return {
        pageInfo,
        edges: edges.flatMap(({ cursor, node }) => (node === null ? [] : [{ cursor, node }])),
      }
    },
  }),
}))

builder.queryField('feed', (t) =>
  t.connection({
    type: sharedPost,
    description:
      "The community's feed, which is public. Pages go forward only: by first and after. A page may have fewer entries than first.",
    args: {
      order: t.arg({ type: feedOrder, required: true, defaultValue: 'hot', description: 'The order.' }),
      language: t.arg.string({ description: 'ISO 639 in lower case. @default all' }),
      region: t.arg.string({ description: 'ISO 3166-1 alpha-2 in capitals. @default all' }),
    },
    complexity: pageWork,
    resolve: async (_root, { order, language, region, ...args }, { community }) => {
      if (
        (language ?? 'de').match(/^[a-z]{2,3}$/) === null ||
        (region ?? 'DE').match(/^[A-Z]{2}$/) === null
      ) {
        throw new ApiError('BAD_USER_INPUT', 'A language is such as de, a region such as DE.')
      }
      const view = { ...hotView, order, language: language ?? null, region: region ?? null }
      const page = await community.feed.list(view, forwardPage(args))
      if (page === null) throw new ApiError('BAD_USER_INPUT', 'Not a cursor that a page of this list gave.')
      const edges = page.entries.map((node) => ({ cursor: node.cursor, node }))
      return {
        edges,
        pageInfo: {
          hasNextPage: page.next !== null,
          hasPreviousPage: args.after != null,
          startCursor: edges[0]?.cursor ?? null,
          endCursor: page.next ?? edges.at(-1)?.cursor ?? null,
        },
      }
    },
  }),
)

/** @throws {ApiError} `BAD_USER_INPUT` for a size outside 1-100, and for `last` and `before` */
function forwardPage({ first, last, after, before }: DefaultConnectionArguments) {
  if (last != null || before != null) {
    throw new ApiError('BAD_USER_INPUT', 'The feed goes forward only: give first and after.')
  }
  const limit = first ?? pageSizes.defaultSize
  if (limit < 1 || limit > pageSizes.maxSize) {
    throw new ApiError('BAD_USER_INPUT', `A page has 1 to ${pageSizes.maxSize} entries.`)
  }
  return { after: after ?? null, limit }
}
