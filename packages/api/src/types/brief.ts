import { may } from '@peerpress/accounts'
import { isDay } from '@peerpress/editorial'
import {
  type Brief,
  briefKinds,
  type BriefLink,
  type BriefSection,
  type BriefUpdate,
  type EvidenceItem,
  type MeasuredText,
} from '@peerpress/registry'
import { ApiError } from '../api-error.ts'
import { pageWork, work } from '../limits/work.ts'
import { requireAction, requireSite, siteOf } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { pageOf } from '../schema/connection.ts'
import { upperCased } from './enums.ts'
import { evidence } from './evidence.ts'
import { site } from './site.ts'

const briefKind = builder.enumType('BriefKind', {
  description:
    'Why a brief was made. LAGGING_REGION: a region is shown, clicked or read less. QUERY_WITHOUT_PAGE: people search what no post answers. DECLINING_POST: search visits of a post fell. COMMUNITY_QUESTION: somebody asked or objected.',
  values: upperCased(briefKinds),
})

const measuredText = builder.objectRef<MeasuredText>('MeasuredText').implement({
  description: 'A text, and how wide a search engine shows it.',
  fields: (t) => ({
    text: t.exposeString('text', { description: 'The text.' }),
    pixels: t.exposeFloat('pixels', {
      description:
        'Its width in CSS pixels: a title in 20 px Arial, of which Google shows about 580; a description in 14 px, about 920 on two lines.',
    }),
  }),
})

const briefLink = builder.objectRef<BriefLink>('BriefLink').implement({
  description: 'A post of the site that should be linked.',
  fields: (t) => ({
    postId: t.exposeString('post', { description: "The CMS's id of the post." }),
    url: t.exposeString('url', { description: 'Its address.' }),
    title: t.exposeString('title', { description: 'Its headline.' }),
    score: t.exposeFloat('score', { description: 'BM25 of the post for the topic: the highest fits best.' }),
  }),
})

const updateAdvice = builder.enumType('UpdateAdvice', {
  description: 'UPDATE: change the post. MERGE: make one post of it and the other.',
  values: upperCased(['update', 'merge'] as const),
})

const briefUpdate = builder.objectRef<BriefUpdate>('BriefUpdate').implement({
  description: 'A post that should be changed in place of, or beside, a new one.',
  fields: (t) => ({
    postId: t.exposeString('post', { description: "The CMS's id of the post." }),
    advice: t.expose('advice', { type: updateAdvice, description: 'What to do with it.' }),
    reason: t.exposeString('reason', { description: 'Why.' }),
  }),
})

interface SectionOf extends BriefSection {
  readonly site: string
}

const briefSection = builder.objectRef<SectionOf>('BriefSection').implement({
  description: 'A part of an outline.',
  fields: (t) => ({
    heading: t.exposeString('heading', { description: 'What it is about.' }),
    evidence: t.field({
      type: [evidence],
      description: 'The evidence that it rests on, at most 20. What was removed since is left out.',
      complexity: work.record,
      resolve: async ({ site: siteId, evidence: ids }, _args, { registry }) =>
        registry.evidence.get(siteId, ids.slice(0, maxOfSection)),
    }),
  }),
})

const maxOfSection = 20

/** A brief. Its global id holds `siteId/br_…`: neither may contain a slash. */
export const brief = builder.objectRef<Brief>('Brief')

builder.node(brief, {
  description: 'What to write, for whom and from what. No model made it.',
  id: { resolve: ({ site: siteId, id }) => `${siteId}/${id}` },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'outline' in value && 'rank' in value,
  loadOne: async (id, context) => {
    const [siteId = '', briefId = ''] = id.split('/')
    const owner = await siteOf(context, siteId, 'evidence.read')
    return owner === null ? null : context.registry.briefs.get(owner.id, briefId)
  },
  fields: (t) => ({
    day: t.exposeString('day', { description: "The day of its list: YYYY-MM-DD in the site's time zone." }),
    rank: t.exposeInt('rank', { description: 'Its place in the list; 1 is the most promising.' }),
    kind: t.expose('kind', { type: briefKind, description: 'Why it was made.' }),
    question: t.exposeString('question', { description: 'What the text should answer.' }),
    readers: t.exposeString('readers', { description: 'Who asks it.' }),
    region: t.exposeString('region', {
      nullable: true,
      description: 'ISO 3166-1 alpha-2, or ISO 3166-2 for a subdivision; null if it is for all readers.',
    }),
    language: t.exposeString('language', { nullable: true, description: 'BCP 47; null if it is unknown.' }),
    why: t.exposeString('why', { description: 'The opportunity with its figures.' }),
    score: t.exposeFloat('score', {
      description: 'Search visits of four weeks that it may win, an estimate. Briefs are ranked by it.',
    }),
    outline: t.field({
      type: [briefSection],
      description: 'What the text may consist of: parts of what the site already covers, and what is known.',
      resolve: ({ site: siteId, outline }) => outline.map((section) => ({ ...section, site: siteId })),
    }),
    titles: t.field({
      type: [measuredText],
      description: 'Options for the title.',
      resolve: ({ titles }) => titles,
    }),
    descriptions: t.field({
      type: [measuredText],
      description: 'Options for the description that search engines show: to be rewritten.',
      resolve: ({ descriptions }) => descriptions,
    }),
    links: t.field({
      type: [briefLink],
      description: 'Posts to link, the best first; at most five.',
      resolve: ({ links }) => links,
    }),
    updates: t.field({
      type: [briefUpdate],
      description: 'Posts to change in place of, or beside, a new one.',
      resolve: ({ update }) => update,
    }),
    facts: t.connection({
      type: evidence,
      description: 'Facts to use, those of the region first. What was removed since is left out.',
      complexity: pageWork,
      resolve: async ({ site: siteId, facts }, args, { registry }) => {
        const items = await registry.evidence.get(siteId, facts)
        const place = new Map(items.map(({ id }, index) => [id, index]))
        return pageOf(items, args, ({ id }: EvidenceItem) =>
          String(1000 - (place.get(id) ?? 0)).padStart(4, '0'),
        )
      },
    }),
  }),
})

builder.objectField(site, 'briefs', (t) =>
  t.connection({
    type: brief,
    description:
      'The list of a day, the most promising first. It is made each day; members of the site can read it.',
    args: {
      day: t.arg.string({ description: 'YYYY-MM-DD; null for the last list.' }),
    },
    complexity: pageWork,
    resolve: async ({ id }, { day, ...args }, context) => {
      requireAction(context, 'evidence.read', id)
      if (day != null && !isDay(day)) {
        throw new ApiError('BAD_USER_INPUT', 'The day is none such as 2026-02-02.')
      }
      const list = await context.registry.briefs.list(id, day ?? undefined)
      return pageOf(list, args, ({ rank }) => String(1000 - rank).padStart(4, '0'))
    },
  }),
)

builder.objectField(site, 'briefsMadeAt', (t) =>
  t.field({
    type: 'DateTime',
    nullable: true,
    description: 'When the last list of briefs was made; null before the first.',
    complexity: work.record,
    resolve: ({ id }, _args, context) => {
      requireAction(context, 'evidence.read', id)
      return context.registry.briefs.madeAt(id)
    },
  }),
)

builder.objectField(site, 'mayReadEvidence', (t) =>
  t.boolean({
    description: 'Whether you may read evidence and briefs: members of the site may.',
    resolve: ({ id }, _args, { principal }) => may(principal, 'evidence.read', id),
  }),
)

builder.objectField(site, 'mayWrite', (t) =>
  t.boolean({
    description: 'Whether you may upload evidence and have briefs made: editors and owners of the site may.',
    resolve: ({ id }, _args, { principal }) => may(principal, 'post.publish', id),
  }),
)

builder.relayMutationField(
  'briefsRequest',
  { inputFields: (t) => ({ siteId: t.string({ required: true, description: "The site's id." }) }) },
  {
    description: 'Has evidence gathered and the list of today made again. It takes up to a few minutes.',
    resolve: async (_root, { input: { siteId } }, context) => {
      const owner = await requireSite(context, siteId, 'post.publish')
      await context.editorial.requestBriefs(owner.id)
      return { site: owner }
    },
  },
  { outputFields: (t) => ({ site: t.expose('site', { type: site, description: 'The site.' }) }) },
)
