import { accountOf } from '@peerpress/accounts'
import { AdviceError, type Effect, type TrialEffect } from '@peerpress/editorial'
import { type PageChange, pageChangeStatuses, type PageTrial, RegistryError } from '@peerpress/registry'
import { ApiError } from '../api-error.ts'
import { registryRefusal } from '../registry-refusal.ts'
import type { RequestContext } from '../context.ts'
import { pageWork, work } from '../limits/work.ts'
import { requireAction, requireSite, siteOf } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { pageOf } from '../schema/connection.ts'
import { keysetPageOf } from '../schema/keyset.ts'
import { adviceKind } from './advice.ts'
import { upperCased } from './enums.ts'
import { site } from './site.ts'
import { UserProblem } from '../user-problem.ts'

const changeStatus = builder.enumType('PageChangeStatus', {
  description:
    'The state of a change. WAITING: the page is in the half that waits. QUEUED: it will be written. WRITTEN: the CMS has it. PROVEN: the public page shows it. NOT_SHOWN: the CMS has it, and the page does not show it. CONFLICT: somebody edited the fields, and nothing was overwritten. FAILED: the CMS did not do it. UNDOING, UNDONE: the text before is written back. CANCELLED: the trial ended first.',
  values: upperCased(pageChangeStatuses),
})

const pageChange = builder.objectRef<PageChange>('PageChange').implement({
  description: 'A change of the title or the description of one page.',
  fields: (t) => ({
    postId: t.exposeString('post', { description: "The CMS's id of the post." }),
    url: t.exposeString('url', { description: 'The address of the page.' }),
    isChangedHalf: t.exposeBoolean('isChangedHalf', {
      description: 'Whether a random draw put the page into the half that is changed; the other half waits.',
    }),
    title: t.exposeString('title', { nullable: true, description: 'The new title. Null if it stays.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'The new description. Null if it stays.',
    }),
    seenTitle: t.string({
      nullable: true,
      description: 'The title that the page showed when the change was approved. Null if it had none.',
      resolve: ({ seen }) => seen.title,
    }),
    seenDescription: t.string({
      nullable: true,
      description: 'The description that the page showed when the change was approved. Null if it had none.',
      resolve: ({ seen }) => seen.description,
    }),
    status: t.expose('status', { type: changeStatus, description: 'What became of it.' }),
    place: t.exposeString('place', {
      nullable: true,
      description:
        'Whose fields were written: yoast, rank-math, seopress, aioseo, or peerpress if no SEO plugin is active. Null before.',
    }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'Why it failed, or what delays it. Null if nothing does.',
    }),
    writtenAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the CMS took it. Null before.',
      resolve: ({ writtenAt }) => writtenAt,
    }),
    provenAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the public page showed it. Null before.',
      resolve: ({ provenAt }) => provenAt,
    }),
  }),
})

const effectLack = builder.enumType('EffectLack', {
  description:
    'Why an effect is not known. PAGES: a half has fewer than 10 pages with visits, or a few pages have almost all of them. AMOUNT: a half has too little in a period.',
  values: upperCased(['pages', 'amount'] as const),
})

const measuredEffect = builder.objectRef<Effect>('MeasuredEffect').implement({
  description:
    'How a change affected an amount: the growth of the changed pages ÷ that of the waiting pages − 1 (difference in differences), with errors clustered by page.',
  fields: (t) => ({
    isEnough: t.exposeBoolean('isEnough', { description: 'Whether there are enough pages for a figure.' }),
    lacks: t.field({
      type: effectLack,
      nullable: true,
      description: 'What there is too little of. Null if there is enough.',
      resolve: (of) => (of.isEnough ? null : of.lacks),
    }),
    effect: t.float({
      nullable: true,
      description: 'Ratio: 0.2 is 20 % more. Null if there is not enough.',
      resolve: (of) => (of.isEnough ? of.effect : null),
    }),
    low: t.float({
      nullable: true,
      description: 'Lower end of the 95 % interval, ratio. Null if there is not enough.',
      resolve: (of) => (of.isEnough ? of.low : null),
    }),
    high: t.float({
      nullable: true,
      description: 'Upper end of the 95 % interval, ratio. Null if there is not enough.',
      resolve: (of) => (of.isEnough ? of.high : null),
    }),
    changedPages: t.int({
      description: 'Changed pages that count in it.',
      resolve: ({ pages }) => pages.changed,
    }),
    waitingPages: t.int({
      description: 'Waiting pages that count in it.',
      resolve: ({ pages }) => pages.waiting,
    }),
  }),
})

const trialEffect = builder.objectRef<TrialEffect>('TrialEffect').implement({
  description:
    'The effect of a trial: the 28 days before it began compared with the 28 days after the last change was proven.',
  fields: (t) => ({
    readyAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When the figures are there. Null before a change is proven, and if it was rolled back earlier.',
      resolve: ({ readyAt }) => readyAt,
    }),
    searchVisits: t.expose('searchVisits', {
      type: measuredEffect,
      nullable: true,
      description: 'On visits from search engines. Null before they are there.',
    }),
    engagedTime: t.expose('engagedTime', {
      type: measuredEffect,
      nullable: true,
      description: 'On the engaged time of all views. Null before they are there.',
    }),
  }),
})

const pageTrial = builder.objectRef<PageTrial>('PageTrial')

builder.node(pageTrial, {
  description: 'A change of titles or descriptions that is tried on a random half of comparable pages.',
  id: { resolve: ({ id }) => id },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'rolledBackAt' in value,
  loadOne: (id, context) => findTrial(context, id),
  fields: (t) => ({
    trialId: t.exposeString('id', { description: 'The id that mutations take.' }),
    kind: t.field({
      type: adviceKind,
      description: 'What the change is about.',
      // The registry stores it as text; this release wrote it.
      resolve: ({ kind }) => kind as 'title-missing',
    }),
    startedBy: t.exposeString('startedBy', { description: 'The person who approved the texts.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it was started.' }),
    endedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it ended, so that its pages can be in another one. Null while it is open.',
      resolve: ({ endedAt }) => endedAt,
    }),
    rolledBackAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When somebody rolled it back. Null if nobody did.',
      resolve: ({ rolledBackAt }) => rolledBackAt,
    }),
    rolledBackBy: t.exposeString('rolledBackBy', {
      nullable: true,
      description: 'Who rolled it back. Null if nobody did.',
    }),
    effect: t.field({
      type: trialEffect,
      description: 'How much it changed.',
      complexity: 2 * work.query,
      resolve: (trial, _args, { advising }) => advising.effect(trial),
    }),
    changes: t.connection({
      type: pageChange,
      description: 'Its pages, those of the changed half first.',
      complexity: pageWork,
      resolve: async ({ id }, args, { registry }) =>
        pageOf(
          await registry.pageTrials.changes(id),
          args,
          ({ isChangedHalf, post }) => `${isChangedHalf ? 1 : 0} ${post}`,
        ),
    }),
  }),
})

builder.objectField(site, 'pageTrials', (t) =>
  t.connection({
    type: pageTrial,
    description: 'Changes of titles and descriptions that were tried, the newest first.',
    complexity: pageWork,
    resolve: ({ id }, args, context) => {
      requireAction(context, 'evidence.read', id)
      return keysetPageOf(args, {
        list: ['page trials', id],
        load: (query) => context.registry.pageTrials.page(id, query),
      })
    },
  }),
)

const approvedText = builder.inputType('ApprovedText', {
  description: 'A text that a person approves for a page.',
  fields: (t) => ({
    postId: t.string({ required: true, description: "The CMS's id of the post." }),
    text: t.string({ required: true, description: 'The new title or description: one line without markup.' }),
  }),
})

builder.relayMutationField(
  'pageTrialStart',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true, description: "The site's id." }),
      advice: t.field({ type: adviceKind, required: true, description: 'What the texts improve.' }),
      approvedTexts: t.field({
        type: [approvedText],
        required: true,
        description: 'Two to 500 pages that have advice of this kind, each with its new text.',
      }),
    }),
  },
  {
    description:
      'Writes the texts of a random half of the pages through the plugin, and lets the other half wait. Each change is proven by fetching the public page again.',
    resolve: async (_root, { input: { siteId, advice, approvedTexts } }, context) => {
      const { id } = await requireSite(context, siteId, 'post.publish')
      const approved = approvedTexts.map(({ postId, text }) => ({ post: postId, text }))
      return refusing(
        context.advising.begin({ site: id, kind: advice, texts: approved, by: personOf(context) }),
      )
    },
  },
  { outputFields: (t) => ({ trial: t.field({ type: pageTrial, resolve: (trial) => trial }) }) },
)

builder.relayMutationField(
  'pageTrialRollBack',
  { inputFields: (t) => ({ trialId: t.string({ required: true, description: "The trial's id." }) }) },
  {
    description:
      'Writes back what the pages of a trial had before, except where somebody edited them since. What is rolled back is not advised again.',
    resolve: async (_root, { input: { trialId } }, context) => {
      const found = await requireTrial(context, trialId)
      const rolledBack = await context.registry.pageTrials.rollBack(found.id, personOf(context))
      if (rolledBack === null)
        throw new UserProblem('CONFLICT', 'trialId', 'The trial was rolled back already.')
      return rolledBack
    },
  },
  { outputFields: (t) => ({ trial: t.field({ type: pageTrial, resolve: (trial) => trial }) }) },
)

builder.relayMutationField(
  'pageTrialEnd',
  { inputFields: (t) => ({ trialId: t.string({ required: true, description: "The trial's id." }) }) },
  {
    description: 'Ends a trial with its changes as they are, so that its pages can be in another one.',
    resolve: async (_root, { input: { trialId } }, context) => {
      const found = await requireTrial(context, trialId)
      const ended = await context.registry.pageTrials.end(found.id)
      if (ended === null) throw new UserProblem('CONFLICT', 'trialId', 'The trial has ended already.')
      return ended
    },
  },
  { outputFields: (t) => ({ trial: t.field({ type: pageTrial, resolve: (trial) => trial }) }) },
)

async function findTrial(context: RequestContext, id: string): Promise<PageTrial | null> {
  const found = await context.registry.pageTrials.get(id)
  return found !== null && (await siteOf(context, found.site, 'evidence.read')) !== null ? found : null
}

/** Loads a trial to change it. @throws {ApiError} */
async function requireTrial(context: RequestContext, id: string): Promise<PageTrial> {
  const found = await findTrial(context, id)
  if (found === null) throw new UserProblem('NOT_FOUND', 'trialId', 'There is no such trial.')
  requireAction(context, 'post.publish', found.site)
  return found
}

function personOf({ principal }: RequestContext): string {
  return accountOf(principal)?.name ?? (principal.kind === 'token' ? principal.name : 'The operator')
}

/** @throws {ApiError} `BAD_USER_INPUT` for what cannot begin */
async function refusing<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (cause) {
    if (cause instanceof RegistryError) throw registryRefusal(cause)
    if (cause instanceof AdviceError) {
      throw new ApiError('BAD_USER_INPUT', cause.message, { cause })
    }
    throw cause
  }
}
