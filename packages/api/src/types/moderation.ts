import { isAppealed, isHidden, isOpen, type ModerationCase } from '@peerpress/community'
import type { RequestContext } from '../context.ts'
import { pageWork, work } from '../limits/work.ts'
import { requireAction } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { pageOf } from '../schema/connection.ts'
import { upperCased } from './enums.ts'
import { site } from './site.ts'
import { UserProblem } from '../user-problem.ts'

/** A case, and whose eyes it is for. */
export interface SeenCase {
  readonly about: ModerationCase
  /** `operator` sees all. The author sees no reporter and no text of a report; a reporter sees its own reports alone. */
  readonly as: 'operator' | 'author' | { readonly reporter: string }
}

/** One row of a case. */
interface CaseEvent {
  readonly seq: number
  readonly at: Date
  readonly kind: 'report' | 'decision' | 'appeal'
  readonly action: 'hide' | 'restore' | null
  readonly reason: string | null
  /** Its text, or the hash of it; null if the viewer may not read it. */
  readonly text: string | null
  readonly by: string | null
}

const eventKind = builder.enumType('ModerationEventKind', {
  description:
    'REPORT: a member site reported the post. DECISION: the operator, or a rule, hid it, restored it or left it as it was. APPEAL: the site that shared it asks for another decision.',
  values: upperCased(['report', 'decision', 'appeal'] as const),
})

export const moderationAction = builder.enumType('ModerationAction', {
  description: 'HIDE: the feed shows the post no more. RESTORE: the feed shows it, again or still.',
  values: upperCased(['hide', 'restore'] as const),
})

const caseEvent = builder.objectRef<CaseEvent>('ModerationEvent').implement({
  description: 'A report, a decision or an appeal: one row of the ledger, which nobody edits.',
  fields: (t) => ({
    row: t.exposeInt('seq', { description: 'Its position in the ledger.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was appended.' }),
    kind: t.expose('kind', { type: eventKind, description: 'What it is.' }),
    action: t.field({
      type: moderationAction,
      nullable: true,
      description: 'What a decision did; null for a report and an appeal.',
      resolve: ({ action }) => action,
    }),
    reason: t.string({
      nullable: true,
      description:
        'The choice of a report, such as spam; null for a decision and an appeal, whose text is the reason.',
      resolve: ({ reason }) => reason,
    }),
    text: t.string({
      nullable: true,
      description:
        'Its plain text; null if it has none, if it was erased, or if it is for the operator alone.',
      resolve: ({ text }) => text,
    }),
    by: t.string({
      nullable: true,
      description:
        'The member site of a report or appeal, or who decided: `operator` or `rule:NAME`. Null if it is for the operator alone.',
      resolve: ({ by }) => by,
    }),
  }),
})

/** What happened to one shared post. */
export const moderationCase = builder.objectRef<SeenCase>('ModerationCase').implement({
  description: 'Reports, decisions and appeals about one shared post, for those concerned.',
  fields: (t) => ({
    submissionId: t.string({
      description: 'The id of the submission.',
      resolve: ({ about }) => about.submission,
    }),
    title: t.string({
      nullable: true,
      description: "The post's title, plain; null if the site has left.",
      complexity: work.record,
      resolve: async ({ about }, _args, { registry }) =>
        (await registry.sharedPosts.get(about.submission))?.title ?? null,
    }),
    url: t.string({
      nullable: true,
      description: 'The address of its public page; null if the site has left.',
      complexity: work.record,
      resolve: async ({ about }, _args, { registry }) =>
        (await registry.sharedPosts.get(about.submission))?.url ?? null,
    }),
    host: t.string({
      nullable: true,
      description: 'The member site that shared it, in punycode; null if the site has left.',
      complexity: work.record,
      resolve: async ({ about }, _args, { registry }) =>
        (await registry.sharedPosts.get(about.submission))?.member ?? null,
    }),
    mayAppeal: t.boolean({
      description:
        'Whether the site through which the case was requested may appeal: it shared the post, the post is hidden, and it has not appealed against that decision.',
      resolve: ({ about, as }) => as === 'author' && isHidden(about) && !isAppealed(about),
    }),
    isHidden: t.boolean({
      description: 'Whether the last decision hides the post from the feed.',
      resolve: ({ about }) => isHidden(about),
    }),
    isOpen: t.boolean({
      description:
        'Whether the operator must decide: there is a report or an appeal since the last decision.',
      resolve: ({ about }) => isOpen(about),
    }),
    events: t.connection({
      type: caseEvent,
      description: 'The latest first.',
      complexity: pageWork,
      resolve: async (seen, args, { moderation }) => {
        const events = eventsOf(seen)
        const texts = await moderation.texts(events.flatMap(({ text }) => text ?? []))
        const readable = events.map((event) => ({
          ...event,
          text: event.text === null ? null : (texts.get(event.text) ?? null),
        }))
        return pageOf(readable, args, ({ seq }) => String(seq).padStart(16, '0'))
      },
    }),
  }),
})

builder.queryFields((t) => ({
  moderationQueue: t.connection({
    type: moderationCase,
    description:
      'Cases that wait for the operator, the one with the latest report or appeal first. For administrators.',
    args: {
      decided: t.arg.boolean({ description: 'Whether decided cases are returned, too. @default false' }),
    },
    complexity: pageWork,
    resolve: async (_root, { decided, ...args }, context) => {
      requireAction(context, 'installation.manage', null)
      const { moderation } = context
      const cases = decided === true ? await moderation.cases() : await moderation.queue()
      return pageOf(
        cases.map((about) => ({ about, as: 'operator' as const })),
        args,
        rankOf,
      )
    },
  }),
}))

builder.objectField(site, 'moderation', (t) =>
  t.connection({
    type: moderationCase,
    description:
      'Cases that concern the site: about its shared posts, and about posts that it reported. The case with the latest row first.',
    complexity: pageWork,
    resolve: async ({ id }, args, context) => pageOf(await casesOf(id, context), args, rankOf),
  }),
)

/** Shared posts of a site that are looked through. */
const maxPosts = 200

async function casesOf(
  siteId: string,
  { registry, moderation }: Pick<RequestContext, 'registry' | 'moderation'>,
): Promise<SeenCase[]> {
  const [posts, membership] = await Promise.all([
    registry.sharedPosts.of(siteId, maxPosts),
    registry.memberSites.get(siteId),
  ])
  const own = new Set(posts.map(({ id }) => id))
  const member = membership?.member
  return (await moderation.cases()).flatMap((about): SeenCase[] => {
    if (own.has(about.submission)) return [{ about, as: 'author' }]
    if (member === undefined || !about.reports.some((report) => report.member === member)) return []
    return [{ about, as: { reporter: member } }]
  })
}

/** Returns the member site of a site. @throws {ApiError} `BAD_USER_INPUT` if it has none */
export async function memberOf(
  siteId: string,
  { registry }: Pick<RequestContext, 'registry'>,
): Promise<string> {
  const found = await registry.memberSites.get(siteId)
  if (found !== null) return found.member
  throw new UserProblem('CONFLICT', 'siteId', 'The site is not a member of the community. Join first.')
}

function eventsOf({ about, as }: SeenCase): CaseEvent[] {
  const isOperator = as === 'operator'
  const reporter = typeof as === 'object' ? as.reporter : null
  const reports = about.reports
    .filter(({ member }) => reporter === null || member === reporter)
    .map(({ seq, at, reason, text, member }): CaseEvent => {
      const isSeen = isOperator || member === reporter
      return {
        seq,
        at,
        kind: 'report',
        action: null,
        reason,
        text: isSeen ? text : null,
        by: isSeen ? member : null,
      }
    })
  const decisions = about.decisions.map(({ seq, at, action, reason, by }): CaseEvent => {
    const shown = by.startsWith('rule:') ? by : isOperator ? by : 'operator'
    return { seq, at, kind: 'decision', action, reason: null, text: reason, by: shown }
  })
  const appeals =
    reporter === null
      ? about.appeals.map(({ seq, at, text }): CaseEvent => {
          return { seq, at, kind: 'appeal', action: null, reason: null, text, by: null }
        })
      : []
  return [...reports, ...decisions, ...appeals]
}

function rankOf({ about }: SeenCase): string {
  const rows = [...about.reports, ...about.decisions, ...about.appeals]
  return `${String(Math.max(0, ...rows.map(({ seq }) => seq))).padStart(16, '0')} ${about.submission}`
}
