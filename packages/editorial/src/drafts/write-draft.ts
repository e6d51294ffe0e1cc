import { setTimeout as delay } from 'node:timers/promises'
import {
  type Brief,
  type Draft,
  type DraftRefusal,
  type Registry,
  RegistryError,
  type RunningJob,
} from '@peerpress/registry'
import type { SiblingPage } from '../gates/gate.ts'
import { ModelError } from '../models/model-error.ts'
import { maxInputTokens, type TextAnswer, type TextModel } from '../models/text-model.ts'
import { draftJsonSchema, parseDraft } from './draft-content.ts'
import { draftPrompt } from './draft-prompt.ts'
import { followDraft, type FollowedDraft } from './follow-draft.ts'

export interface DraftWriterOptions {
  readonly registry: Pick<Registry, 'briefs' | 'drafts' | 'evidence' | 'models' | 'pageTexts'>
  /** Opens the model of a site. Rejects with a `RegistryError` or a `ModelError` if there is none. */
  readonly openModel: (site: string) => Promise<TextModel>
  /** ms between two looks at whether the draft was cancelled. @default 500 */
  readonly interval?: number
}

/** Calls for one draft. */
const maxAttempts = 3
/** The longest pause that an endpoint may ask for, ms. */
const maxPause = 300_000
/** Pause if it asks for none, ms. */
const pause = 5_000

/**
 * Creates the handler of the queue of drafts. It calls the site's model, runs the gates and records the outcome. If the server stops
 * or dies in the middle, the queue gives the job out again and the draft is written anew; the call that was lost keeps its maximum
 * on the budget.
 */
export function createDraftWriter(options: DraftWriterOptions): (job: RunningJob) => Promise<void> {
  const { drafts } = options.registry
  return async ({ data, signal }) => {
    const id = (data as { readonly draft?: unknown }).draft
    const begun = typeof id === 'string' ? await begin(options, id) : null
    // It was cancelled, removed or written before.
    if (begun === null) return
    const { draft } = begun
    await using followed = followDraft(drafts, draft, { signal, interval: options.interval ?? 500 })
    try {
      await writeDraft(options, begun, followed)
    } catch (error) {
      if (followed.isCancelled()) return
      // The server stops: the queue runs the job again.
      if (signal.aborted) throw error
      if (!(error instanceof ModelError || error instanceof RegistryError)) throw error
      await drafts.change(draft.id, { from: ['writing'], to: 'failed', error: error.message })
    }
  }
}

interface BegunDraft {
  readonly draft: Draft
  /** Null if it is no longer stored. */
  readonly brief: Brief | null
}

/** Begins a draft, or begins it again. Returns null if it may not be written. */
async function begin({ registry }: DraftWriterOptions, id: string): Promise<BegunDraft | null> {
  const known = await registry.drafts.get(id)
  if (known === null) return null
  const brief = await registry.briefs.get(known.site, known.brief)
  const expectedSections = brief === null || brief.outline.length === 0 ? null : brief.outline.length
  const draft = await registry.drafts.change(id, {
    from: ['queued', 'writing'],
    to: 'writing',
    progress: { characters: 0, sections: 0, expectedSections, claim: null, gates: 0 },
    refusals: [],
    error: null,
  })
  return draft === null ? null : { draft, brief }
}

async function writeDraft(
  options: DraftWriterOptions,
  { draft, brief }: BegunDraft,
  followed: FollowedDraft,
): Promise<void> {
  const { registry } = options
  const { site, language, region } = draft
  if (brief === null) throw new ModelError('refused', 'The brief of this draft is no longer stored.')
  const ids = new Set([...brief.facts, ...brief.outline.flatMap((section) => section.evidence)])
  const given = await registry.evidence.get(site, [...ids])
  const prompt = draftPrompt(brief, given, { language, region })
  const answer = await callModel(options, { draft, followed, prompt })
  const { content, problem } = parseDraft(answer.text)
  if (content === null) {
    const refusals: DraftRefusal[] = [{ section: -1, claim: -1, code: 'no-draft', reason: problem }]
    const progress = followed.progress()
    await registry.drafts.change(draft.id, {
      from: ['writing'],
      error: null,
      progress,
      to: 'refused',
      refusals,
    })
    return
  }
  const cited = content.sections.flatMap(({ claims }) => claims.flatMap((claim) => claim.evidence))
  const evidence = await registry.evidence.get(site, [...new Set(cited)])
  const replaced = new Set(brief.update.map(({ post }) => post))
  const input = {
    content,
    evidence: new Map(evidence.map((item) => [item.id, item])),
    language,
    region,
    siblings: await siblingsOf(registry, site, replaced),
  }
  // The gates load n-grams of sixty languages, which a server without drafts does not need.
  const { runGates } = await import('../gates/run-gates.ts')
  const refusals = await runGates(input, followed.check)
  const to = refusals.length === 0 ? 'passed' : 'refused'
  const progress = followed.progress()
  await registry.drafts.change(draft.id, { from: ['writing'], error: null, progress, to, content, refusals })
}

interface Call {
  readonly draft: Draft
  readonly followed: FollowedDraft
  readonly prompt: ReturnType<typeof draftPrompt>
}

/** Calls the model, and again after failures that pass. Each call is reserved on the budget before it is made. */
async function callModel({ registry, openModel }: DraftWriterOptions, call: Call): Promise<TextAnswer> {
  const { draft, followed, prompt } = call
  for (let attempt = 1; ; attempt++) {
    const settings = await registry.models.get(draft.site)
    await using model = closing(await openModel(draft.site))
    const maxOutputTokens = settings?.maxOutputTokens ?? 0
    const input = maxInputTokens({ ...prompt, schema: draftJsonSchema })
    const reserved = await registry.models.reserve({
      site: draft.site,
      draft: draft.id,
      input,
      output: maxOutputTokens,
    })
    try {
      followed.restart()
      const answer = await model.value.write({
        ...prompt,
        schema: draftJsonSchema,
        maxOutputTokens,
        signal: followed.signal,
        onText: followed.add,
      })
      if (answer.usage !== null) await registry.models.settle(reserved, answer.usage)
      return answer
    } catch (error) {
      if (error instanceof ModelError && error.isUnused) {
        await registry.models.settle(reserved, { input: 0, output: 0 })
      }
      if (!(error instanceof ModelError) || !error.isPassing || attempt === maxAttempts) throw error
      const wait = error.retryAfter ?? pause
      if (wait > maxPause) throw error
      const until = `${error.message} Another attempt follows in ${Math.ceil(wait / 1000)} s.`
      await registry.drafts.change(draft.id, { from: ['writing'], to: 'writing', error: until })
      await delay(wait, undefined, { signal: followed.signal })
      await registry.drafts.change(draft.id, { from: ['writing'], to: 'writing', error: null })
    }
  }
}

function closing(value: TextModel): AsyncDisposable & { readonly value: TextModel } {
  return { value, [Symbol.asyncDispose]: () => value.close() }
}

/** Characters of other pages that a draft is compared with. */
const maxSiblings = 4_000_000

async function siblingsOf(
  registry: Pick<Registry, 'pageTexts'>,
  site: string,
  replaced: ReadonlySet<string>,
): Promise<SiblingPage[]> {
  let left = maxSiblings
  return (await registry.pageTexts.list(site)).flatMap(({ post, content }) => {
    if (content === null || replaced.has(post) || left <= 0) return []
    const text = content.sections
      .map((section) => `${section.heading ?? ''}\n${section.text}`)
      .join('\n')
      .slice(0, left)
    left -= text.length
    return [{ post, title: content.headline ?? content.title ?? '', text }]
  })
}
