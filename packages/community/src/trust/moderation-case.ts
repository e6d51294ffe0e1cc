import type { EntryBody, LedgerEvent } from '../ledger/entry.ts'

/** A report of a submission. */
export interface Report {
  readonly seq: number
  readonly at: Date
  /** The member site that reported. Only the operator and that site learn it. */
  readonly member: string
  readonly reason: EntryBody<'report'>['reason']
  /** Hash of its text. */
  readonly text: string | null
}

/** A decision about a submission. */
export interface Decision {
  readonly seq: number
  readonly at: Date
  readonly action: 'hide' | 'restore'
  /** Hash of the reason's text. */
  readonly reason: string
  /** An account's id, `operator`, or `rule:NAME`. */
  readonly by: string
  /** The row of the appeal that it answers; null if it answers none. */
  readonly appeal: number | null
}

/** An appeal against a decision. */
export interface Appeal {
  readonly seq: number
  readonly at: Date
  /** The row of the decision. */
  readonly decision: number
  /** Hash of its text. */
  readonly text: string
}

/** What happened to one submission, in order. */
export interface ModerationCase {
  readonly submission: string
  readonly reports: readonly Report[]
  readonly decisions: readonly Decision[]
  readonly appeals: readonly Appeal[]
}

/** Whether the last decision hides the submission. */
export function isHidden({ decisions }: ModerationCase): boolean {
  return decisions.at(-1)?.action === 'hide'
}

/** What {@link appealOf} reads of a case. */
interface AppealedCase {
  readonly decisions: readonly Pick<Decision, 'seq'>[]
  readonly appeals: readonly Appeal[]
}

/** Returns the appeal against the last decision; undefined if there is none. */
export function appealOf({ decisions, appeals }: AppealedCase): Appeal | undefined {
  const last = decisions.at(-1)?.seq
  return appeals.find(({ decision }) => decision === last)
}

/** Whether the site has appealed against the last decision. */
export function isAppealed(about: AppealedCase): boolean {
  return appealOf(about) !== undefined
}

/** Whether the operator must decide: there is a report or an appeal since the last decision. */
export function isOpen({ reports, decisions, appeals }: ModerationCase): boolean {
  const decided = decisions.at(-1)?.seq ?? 0
  return [...reports, ...appeals].some(({ seq }) => seq > decided)
}

/** Returns the position of the last row of a case; 0 without any. */
export function lastRowOf({ reports, decisions, appeals }: ModerationCase): number {
  return Math.max(0, ...[reports, decisions, appeals].map((rows) => rows.at(-1)?.seq ?? 0))
}

/** Kinds of rows that a case follows from. */
export const moderationKinds = ['report', 'decision', 'appeal'] as const

/** Cases by submission, computed from the ledger's rows in their order. */
export class ModerationCases {
  readonly #cases = new Map<string, ModerationCase>()
  /** The last row that was added. */
  seq = 0

  get all(): readonly ModerationCase[] {
    return [...this.#cases.values()]
  }

  of(submission: string): ModerationCase {
    return this.#cases.get(submission) ?? { submission, reports: [], decisions: [], appeals: [] }
  }

  add(event: LedgerEvent): void {
    this.seq = event.seq
    const { seq, at } = event
    if (event.kind === 'report') {
      const { submission, reason, text } = event.body
      const report = { seq, at, member: event.member ?? '', reason, text }
      this.#change(submission, (known) => ({ reports: [...known.reports, report] }))
    } else if (event.kind === 'decision') {
      const { subject, action, reason, by, appeal } = event.body
      if (subject.type !== 'submission' || action === 'ban' || action === 'unban') return
      const decision = { seq, at, action, reason, by, appeal }
      this.#change(subject.id, (known) => ({ decisions: [...known.decisions, decision] }))
    } else if (event.kind === 'appeal') {
      const { subject, decision, text } = event.body
      if (subject.type !== 'submission') return
      this.#change(subject.id, (known) => ({ appeals: [...known.appeals, { seq, at, decision, text }] }))
    }
  }

  #change(submission: string, change: (known: ModerationCase) => Partial<ModerationCase>): void {
    const known = this.of(submission)
    this.#cases.set(submission, { ...known, ...change(known) })
  }
}
