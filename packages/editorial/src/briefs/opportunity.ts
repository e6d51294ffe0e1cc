import type { BriefKind, BriefUpdate } from '@peerpress/registry'
import type { PostIndex } from '../search/post-index.ts'
import type { SiteKnowledge } from '../evidence/knowledge.ts'

/** A reason to write something, before the brief is composed. */
export interface Opportunity {
  readonly kind: BriefKind
  /** What it is about: a day has one brief of a kind and subject. */
  readonly subject: string
  /** What the text should answer. */
  readonly question: string
  /** The words that title, links and facts are looked up by. */
  readonly topic: string
  readonly readers: string
  readonly region: string | null
  readonly language: string | null
  /** Ids of the evidence that it rests on. */
  readonly evidence: readonly string[]
  readonly update: readonly BriefUpdate[]
  /** Search visits of four weeks that it may win, an estimate. */
  readonly score: number
  readonly why: string
}

/** Finds opportunities of one kind. A pure function of what is known. */
export type FindOpportunities = (knowledge: SiteKnowledge, index: PostIndex) => Opportunity[]
