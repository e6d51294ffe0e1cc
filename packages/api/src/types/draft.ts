import { canonicalLanguage } from '@peerpress/editorial'
import {
  type Draft,
  type DraftClaim,
  type DraftContent,
  type DraftRefusal,
  type DraftSection,
  draftStatuses,
  refusalCodes,
  RegistryError,
} from '@peerpress/registry'
import { accountOf } from '@peerpress/accounts'
import { registryRefusal } from '../registry-refusal.ts'
import { pageWork, work } from '../limits/work.ts'
import { requireAction, requireSite, siteOf } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { keysetPageOf } from '../schema/keyset.ts'
import { brief } from './brief.ts'
import { upperCased } from './enums.ts'
import { evidence } from './evidence.ts'
import { site } from './site.ts'
import { UserProblem } from '../user-problem.ts'

export const draftStatus = builder.enumType('DraftStatus', {
  description:
    'The state of a draft. QUEUED, WRITING: not written yet. REFUSED: a gate refused it. PASSED: waits for a person. APPROVED: a person approved it. IN_CMS: it is a draft in the CMS. CONFLICT: somebody edited it there, and nothing was overwritten. FAILED: no answer of the model. CANCELLED: a person cancelled it.',
  values: upperCased(draftStatuses),
})

const refusalCode = builder.enumType('RefusalCode', {
  description:
    'Why a part of a draft is refused. NO_DRAFT: the answer is none. NO_EVIDENCE, UNKNOWN_EVIDENCE: a claim cites nothing, or an id that does not exist. NUMBER, DATE, PRICE, NAME: its evidence does not contain it. FEW_LOCAL_FACTS: fewer than three about the region. DOUBLED_PAGE: as similar as 0.6 to another page apart from names. COPIED: a sentence of another text. LANGUAGE: the wrong one.',
  values: upperCased(refusalCodes),
})

export const refusal = builder.objectRef<DraftRefusal>('DraftRefusal').implement({
  description: 'Why a gate refuses a part of a draft.',
  fields: (t) => ({
    section: t.exposeInt('section', {
      description: 'Index of the section, from 0; -1 for title, description or the whole.',
    }),
    claim: t.exposeInt('claim', {
      description: 'Index of the claim in its section, from 0; -1 for the heading or the whole.',
    }),
    code: t.expose('code', { type: refusalCode, description: 'The gate.' }),
    reason: t.exposeString('reason', { description: 'A sentence for people.' }),
  }),
})

interface ShownClaim extends DraftClaim {
  readonly refusals: readonly DraftRefusal[]
}

const claim = builder.objectRef<ShownClaim>('DraftClaim').implement({
  description: 'A statement of a draft.',
  fields: (t) => ({
    text: t.exposeString('text', { description: 'Plain text.' }),
    evidenceIds: t.stringList({
      description: 'The ids of the evidence that it cites: `itemId` of the evidence of the draft.',
      resolve: (shown) => [...shown.evidence],
    }),
    refusals: t.field({
      type: [refusal],
      description: 'Why it is refused; empty if it is not.',
      resolve: ({ refusals }) => refusals,
    }),
  }),
})

interface ShownSection extends DraftSection {
  readonly index: number
  readonly refusals: readonly DraftRefusal[]
}

const section = builder.objectRef<ShownSection>('DraftSection').implement({
  description: 'A section of a draft.',
  fields: (t) => ({
    heading: t.exposeString('heading', { description: 'Plain text.' }),
    claims: t.field({
      type: [claim],
      description: 'Its statements in their order, at most 30.',
      resolve: ({ claims, index, refusals }) =>
        claims.map((each, at) => ({
          ...each,
          refusals: refusals.filter((one) => one.section === index && one.claim === at),
        })),
    }),
  }),
})

interface ShownContent extends DraftContent {
  readonly refusals: readonly DraftRefusal[]
}

const content = builder.objectRef<ShownContent>('DraftContent').implement({
  description: 'What the model wrote.',
  fields: (t) => ({
    title: t.exposeString('title', { description: 'Plain text.' }),
    description: t.exposeString('description', { description: 'The meta description.' }),
    sections: t.field({
      type: [section],
      description: 'In their order, at most 20.',
      resolve: ({ sections, refusals }) => sections.map((each, index) => ({ ...each, index, refusals })),
    }),
  }),
})

/** A draft. Its global id holds `siteId/id`: neither may contain a slash. */
export const draft = builder.objectRef<Draft>('Draft')

builder.node(draft, {
  description: "A text that the site's model wrote from a brief.",
  id: { resolve: ({ site: siteId, id }) => `${siteId}/${id}` },
  isTypeOf: (value) =>
    typeof value === 'object' && value !== null && 'refusals' in value && 'status' in value,
  loadOne: async (id, context) => {
    const [siteId = '', draftId = ''] = id.split('/')
    const owner = await siteOf(context, siteId, 'evidence.read')
    const found = owner === null ? null : await context.registry.drafts.get(draftId)
    return found?.site === owner?.id ? found : null
  },
  fields: (t) => ({
    status: t.expose('status', { type: draftStatus, description: 'Its state.' }),
    language: t.exposeString('language', { description: 'BCP 47' }),
    region: t.exposeString('region', {
      nullable: true,
      description: 'ISO 3166-1 alpha-2 or ISO 3166-2; null if it concerns no region.',
    }),
    brief: t.field({
      type: brief,
      nullable: true,
      description: 'What it was written from; null if that was removed since.',
      complexity: work.record,
      resolve: (of, _args, { registry }) => registry.briefs.get(of.site, of.brief),
    }),
    content: t.field({
      type: content,
      nullable: true,
      description: 'Null until it is written, and if the answer was no draft.',
      resolve: ({ content: written, refusals }) => (written === null ? null : { ...written, refusals }),
    }),
    evidence: t.field({
      type: [evidence],
      description: 'The evidence that it cites, at most 200. Ids that do not exist are left out.',
      complexity: work.record,
      resolve: async ({ site: siteId, content: written }, _args, { registry }) => {
        const cited = written?.sections.flatMap(({ claims }) => claims.flatMap((each) => each.evidence)) ?? []
        return registry.evidence.get(siteId, [...new Set(cited)].slice(0, maxCited))
      },
    }),
    refusals: t.field({
      type: [refusal],
      description: 'What the gates refuse, in the order of the draft, at most 500. Empty if it passed.',
      resolve: ({ refusals }) => refusals,
    }),
    writtenCharacters: t.int({
      description: 'Characters that the model has sent so far.',
      resolve: ({ progress }) => progress.characters,
    }),
    writtenSections: t.int({
      description: 'Sections that the model has begun so far.',
      resolve: ({ progress }) => progress.sections,
    }),
    problem: t.exposeString('error', {
      nullable: true,
      description: 'Why it failed, or what it waits for; null if nothing.',
    }),
    approvedBy: t.exposeString('approvedBy', {
      nullable: true,
      description: 'The name of the person who approved it; null if nobody has.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was requested.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
  }),
})

const maxCited = 200

builder.objectField(site, 'drafts', (t) =>
  t.connection({
    type: draft,
    description:
      'The newest first; for members of the site. The subscription draftProgress shows how far they are.',
    complexity: pageWork,
    resolve: ({ id }, args, context) => {
      requireAction(context, 'evidence.read', id)
      return keysetPageOf(args, {
        list: ['drafts', id],
        load: (query) => context.registry.drafts.page(id, query),
      })
    },
  }),
)

builder.relayMutationField(
  'draftRequest',
  {
    inputFields: (t) => ({
      briefId: t.globalID({ required: true, for: brief, description: "The brief's id." }),
      language: t.string({ description: "BCP 47; null for the brief's language, else English." }),
    }),
  },
  {
    description:
      "Has the site's model write a draft from a brief. The draft has progress and the outcome; its cost is limited by the model's budget.",
    resolve: async (_root, { input }, context) => {
      const [siteId = '', briefId = ''] = input.briefId.id.split('/')
      const owner = await requireSite(context, siteId, 'post.publish')
      const found = await context.registry.briefs.get(owner.id, briefId)
      if (found === null) throw new UserProblem('NOT_FOUND', 'briefId', 'There is no such brief.')
      const language = canonicalLanguage(input.language ?? found.language ?? 'en')
      if (language === null)
        throw new UserProblem('INVALID', 'language', 'The language is none such as fr or pt-BR.')
      if ((await context.registry.models.get(owner.id)) === null) {
        throw new UserProblem('CONFLICT', 'siteId', 'The site has no model: an owner chooses one first.')
      }
      const { principal } = context
      const requestedBy = accountOf(principal)?.id ?? null
      try {
        const { region } = found
        return await context.registry.drafts.request({
          site: owner.id,
          brief: found.id,
          language,
          region,
          requestedBy,
        })
      } catch (cause) {
        if (cause instanceof RegistryError) throw registryRefusal(cause)
        throw cause
      }
    },
  },
  {
    outputFields: (t) => ({
      draft: t.field({ type: draft, description: 'It waits.', resolve: (requested) => requested }),
    }),
  },
)

builder.relayMutationField(
  'draftCancel',
  {
    inputFields: (t) => ({
      draftId: t.globalID({ required: true, for: draft, description: "The draft's id." }),
    }),
  },
  {
    description: 'Ends a draft that is not written yet, with the call of its model.',
    resolve: async (_root, { input }, context) => {
      const [siteId = '', id = ''] = input.draftId.id.split('/')
      const owner = await requireSite(context, siteId, 'post.publish')
      const found = await context.registry.drafts.get(id)
      if (found?.site !== owner.id) throw new UserProblem('NOT_FOUND', 'draftId', 'There is no such draft.')
      const cancelled = await context.registry.drafts.cancel(id)
      if (cancelled === null) throw new UserProblem('CONFLICT', 'draftId', 'The draft is written already.')
      return cancelled
    },
  },
  {
    outputFields: (t) => ({
      draft: t.field({ type: draft, description: 'What was cancelled.', resolve: (cancelled) => cancelled }),
    }),
  },
)
