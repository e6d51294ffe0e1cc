import type { SiteId } from '@peerpress/wire'

/**
 * The states of a draft. `queued` and `writing` end by themselves. `refused`, `failed` and `cancelled` are final. A `passed`
 * draft waits for a person, who approves it; then it goes into the CMS or meets a `conflict` there.
 */
export const draftStatuses = [
  'queued',
  'writing',
  'refused',
  'passed',
  'approved',
  'in-cms',
  'conflict',
  'failed',
  'cancelled',
] as const
export type DraftStatus = (typeof draftStatuses)[number]

/** Why a claim, a section or a draft is refused. */
export const refusalCodes = [
  /** The model's answer is no draft: not JSON, cut off, or of another shape. */
  'no-draft',
  /** A claim cites no evidence. */
  'no-evidence',
  /** A claim cites an id that no evidence of the site has. */
  'unknown-evidence',
  /** A number that the cited evidence does not contain. */
  'number',
  /** A date that the cited evidence does not contain. */
  'date',
  /** A price that the cited evidence does not contain. */
  'price',
  /** A name, address or link that the cited evidence does not contain. */
  'name',
  /** A draft for a region cites fewer than three items of evidence about it. */
  'few-local-facts',
  /** A draft is too similar to another page of the site, apart from names of places. */
  'doubled-page',
  /** A sentence is copied from evidence or another page outside a quotation. */
  'copied',
  /** The text is in another language than the draft's, or in none. */
  'language',
] as const
export type RefusalCode = (typeof refusalCodes)[number]

/** A statement of a draft with the ids of the evidence that it is based on. */
export interface DraftClaim {
  readonly text: string
  readonly evidence: readonly string[]
}

export interface DraftSection {
  readonly heading: string
  readonly claims: readonly DraftClaim[]
}

/** What a model wrote. All texts are plain text. */
export interface DraftContent {
  readonly title: string
  /** The meta description. */
  readonly description: string
  readonly sections: readonly DraftSection[]
}

/** Why a gate refuses a part of a draft. */
export interface DraftRefusal {
  /** Index of the section. -1: the title, the description or the draft as a whole. */
  readonly section: number
  /** Index of the claim in its section. -1: the heading or the section as a whole. */
  readonly claim: number
  readonly code: RefusalCode
  /** A sentence for people. */
  readonly reason: string
}

/** How far a draft is. A draft that is written anew begins again. */
export interface DraftProgress {
  /** Characters that the model has sent. */
  readonly characters: number
  /** Sections that the model has begun. */
  readonly sections: number
  /** Sections of the brief's outline, of which the model may write more or fewer; null if it has none. */
  readonly expectedSections: number | null
  /** The last claim that the model has sent whole, which no gate has seen; null if there is none. At most 300 characters. */
  readonly claim: string | null
  /** Gates that have run. */
  readonly gates: number
}

/** A text that a model writes from a brief. */
export interface Draft {
  readonly id: string
  readonly site: SiteId
  /** The id of its brief. */
  readonly brief: string
  /** BCP 47 */
  readonly language: string
  /** ISO 3166-1, or 3166-2 for a subdivision; null for a draft that concerns no region. */
  readonly region: string | null
  readonly status: DraftStatus
  /** Null until a model has written it. */
  readonly content: DraftContent | null
  /** Empty if no gate refused anything, and before the gates ran. */
  readonly refusals: readonly DraftRefusal[]
  /** How far it is. */
  readonly progress: DraftProgress
  /** Why it failed, or what delays it; null if nothing does. */
  readonly error: string | null
  /** The account that requested it; null for the operator. */
  readonly requestedBy: string | null
  /** The name of the person who approved it. */
  readonly approvedBy: string | null
  readonly approvedAt: Date | null
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** A draft's state and progress, without its text. */
export interface DraftState extends Pick<
  Draft,
  'id' | 'site' | 'status' | 'progress' | 'refusals' | 'error'
> {
  /**
   * Tokens that the draft counts on the budget: what the endpoint reported, or the maximum of a call that is not over or was
   * lost.
   */
  readonly tokens: number
}

/** The queue of drafts to write. */
export const draftQueue = 'drafts'
