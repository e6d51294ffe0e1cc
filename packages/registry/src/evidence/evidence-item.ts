import { createHash } from 'node:crypto'
import type { PostId, SiteId } from '@peerpress/wire'

/**
 * Where a fact comes from. `finding`: an analysis. `query`: what people searched when a search engine showed the site.
 * `engagement`: what readers did on a post. `post`: the text of a published post. `downvote`, `report` and `question`: what the
 * community said. `upload`: what the owner uploaded.
 */
export const evidenceSources = [
  'finding',
  'query',
  'engagement',
  'post',
  'downvote',
  'report',
  'question',
  'upload',
] as const
export type EvidenceSource = (typeof evidenceSources)[number]

/** A dated fact about a site that a brief or a draft may cite. */
export interface EvidenceItem {
  /** `ev_` and 16 characters; the same for the same fact of a site. */
  readonly id: string
  readonly site: SiteId
  readonly source: EvidenceSource
  /** `YYYY-MM-DD` in the site's time zone: when it was true. */
  readonly date: string
  /** ISO 3166-1 alpha-2, or ISO 3166-2 for a subdivision; null if it is of no region in particular. */
  readonly region: string | null
  /** BCP 47; null if it is unknown. */
  readonly language: string | null
  /** The CMS's id of the post that it is about; null if it is about none. */
  readonly post: PostId | null
  readonly title: string | null
  /** Plain text, never HTML; at most {@link maxEvidenceText} characters. */
  readonly text: string
  readonly url: string | null
}

/** Maximum length of an item's text, characters. */
export const maxEvidenceText = 20_000

/** Returns an item with the id that its content gives it: 16 of 64 characters by SHA-256, 96 bits. */
export function evidenceItem(fact: Omit<EvidenceItem, 'id'>): EvidenceItem {
  const { site, source, date, region, language, post, title, text, url } = fact
  const content = JSON.stringify([site, source, date, region, language, post, title, text, url])
  const id = `ev_${createHash('sha256').update(content).digest('base64url').slice(0, 16)}`
  return { ...fact, id }
}

/** Whether an item of evidence can have this id. */
export function isEvidenceId(id: string): boolean {
  return /^ev_[\w-]{16}$/.test(id)
}
