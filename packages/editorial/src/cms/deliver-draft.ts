import type { Draft, EvidenceItem, Registry, RunningJob } from '@peerpress/registry'
import type { Cms } from './cms.ts'
import { CmsError } from './cms-error.ts'
import type { DraftAnswer, DraftCommand } from './commands.ts'

export interface DraftDeliveryOptions {
  readonly registry: Pick<Registry, 'drafts' | 'draftPosts' | 'evidence'>
  readonly cms: Pick<Cms, 'writeDraft'>
}

/** Attempts after which a site that does not answer counts as failed; a person can try again. */
const maxAttempts = 8

/**
 * Creates the handler of the queue of approved drafts: it saves a draft in the CMS as a post with the status `draft`. A post that
 * somebody edited there is never overwritten: the draft has the conflict then. Rejects if another attempt may succeed.
 */
export function createDraftDelivery({
  registry,
  cms,
}: DraftDeliveryOptions): (job: RunningJob) => Promise<void> {
  return async ({ id: job, data, attempt, signal }) => {
    const id = draftIn(data)
    const draft = await registry.drafts.get(id)
    if (draft === null || draft.status !== 'approved' || draft.content === null) return
    const evidence = await registry.evidence.get(draft.site, citedBy(draft))
    const settle = async (to: 'in-cms' | 'conflict' | 'failed', detail: string, post: string | null) => {
      await registry.draftPosts.record({ draft: id, site: draft.site, post, detail })
      await registry.drafts.change(id, {
        from: ['approved'],
        to,
        error: to === 'in-cms' ? null : detail.slice(0, 500),
      })
    }
    try {
      // The job's id: its attempts are one command, and a retry that a person requests is another.
      const answer = await cms.writeDraft(commandOf(draft, evidence), {
        site: draft.site,
        id: `draft-${job}`,
        signal,
      })
      await settle(statusOf(answer), answer.text, answer.post)
    } catch (error) {
      if (!(error instanceof CmsError)) throw error
      if (error.isPassing && attempt < maxAttempts) {
        await registry.draftPosts.record({ draft: id, site: draft.site, post: null, detail: error.message })
        throw error
      }
      await settle('failed', error.message, null)
    }
  }
}

/** A CMS that stored another text is a conflict: a person has to look at it. */
function statusOf({ result, isChanged, status }: DraftAnswer): 'in-cms' | 'conflict' | 'failed' {
  if (result === 'refused') return 'failed'
  return result === 'written' && !isChanged && status === 'draft' ? 'in-cms' : 'conflict'
}

function citedBy({ content }: Draft): string[] {
  const cited = content?.sections.flatMap(({ claims }) => claims.flatMap(({ evidence }) => evidence)) ?? []
  return [...new Set(cited)]
}

function commandOf(draft: Draft, evidence: readonly EvidenceItem[]): DraftCommand {
  const { title = '', description = '', sections = [] } = draft.content ?? {}
  const places = new Map(evidence.map(({ id }, index) => [id, index + 1]))
  return {
    draft: draft.id,
    approvedBy: draft.approvedBy ?? '',
    title,
    description,
    sections: sections.map(({ heading, claims }) => ({
      heading,
      claims: claims.map(({ text, evidence: ids }) => ({
        text,
        sources: [...new Set(ids.flatMap((id) => places.get(id) ?? []))],
      })),
    })),
    sources: evidence.map((item) => ({ text: sourceText(item), url: item.url })),
  }
}

const maxTitle = 200

/** Returns a source as a footnote shows it: what it is, and when it was true. */
function sourceText({ source, title, text, date }: EvidenceItem): string {
  const name = (title ?? text).replace(/\s+/gu, ' ').trim()
  const label = name.length > maxTitle ? `${name.slice(0, maxTitle).toWellFormed()}…` : name
  return `${label === '' ? labels[source] : label} (${labels[source]}, ${date})`
}

const labels: Readonly<Record<EvidenceItem['source'], string>> = {
  finding: 'measured on this site',
  query: 'search queries of this site',
  engagement: 'measured on this site',
  post: 'a post of this site',
  question: 'a question of readers',
  downvote: 'feedback of readers',
  report: 'a report of a reader',
  upload: 'a document of the owner',
}

function draftIn(data: unknown): string {
  const draft = typeof data === 'object' && data !== null && 'draft' in data ? data.draft : null
  if (typeof draft !== 'string') throw new Error('the job names no draft')
  return draft
}
