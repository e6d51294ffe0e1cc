import type { PostId, SiteId } from '@peerpress/wire'

/**
 * Why a brief was made. `lagging-region`: a region is shown, clicked or read less. `query-without-page`: people search what no
 * post of the site answers. `declining-post`: search visits of a post fell. `community-question`: somebody asked or objected.
 */
export const briefKinds = [
  'lagging-region',
  'query-without-page',
  'declining-post',
  'community-question',
] as const
export type BriefKind = (typeof briefKinds)[number]

/** A text, and how wide a search engine's results page shows it. */
export interface MeasuredText {
  readonly text: string
  /** Its width in CSS pixels. */
  readonly pixels: number
}

/** A part of an outline, and the evidence that it rests on. */
export interface BriefSection {
  readonly heading: string
  /** Ids of evidence. */
  readonly evidence: readonly string[]
}

/** A post of the site that should be linked. */
export interface BriefLink {
  readonly post: PostId
  readonly url: string
  readonly title: string
  /** BM25 of the post for the question: the highest fits best. */
  readonly score: number
}

/** A post that should be changed in place of, or beside, a new one. */
export interface BriefUpdate {
  readonly post: PostId
  readonly advice: 'update' | 'merge'
  readonly reason: string
}

/** What to write and from what. No model made it. */
export interface Brief {
  /** `br_` and 16 characters; the same for the same opportunity of the same day. */
  readonly id: string
  readonly site: SiteId
  /** `YYYY-MM-DD` in the site's time zone. */
  readonly day: string
  /** 1 is the most promising of the day. */
  readonly rank: number
  readonly kind: BriefKind
  /** What the text should answer. */
  readonly question: string
  /** The readers who have the question, such as `readers in Lyon`. */
  readonly readers: string
  /** ISO 3166-1 alpha-2, or ISO 3166-2 for a subdivision; null if it is for all. */
  readonly region: string | null
  /** BCP 47; null if it is unknown. */
  readonly language: string | null
  readonly outline: readonly BriefSection[]
  readonly titles: readonly MeasuredText[]
  readonly descriptions: readonly MeasuredText[]
  readonly links: readonly BriefLink[]
  /** Ids of evidence, those of the region first. */
  readonly facts: readonly string[]
  readonly update: readonly BriefUpdate[]
  /** Search visits of four weeks that it may win, an estimate: briefs are ranked by it. */
  readonly score: number
  /** The opportunity with its figures, for people. */
  readonly why: string
}
