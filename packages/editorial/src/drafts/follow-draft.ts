import type { Draft, DraftProgress, DraftRefusal, Drafts } from '@peerpress/registry'
import { lastClaim, unreadLength } from './last-claim.ts'

/** A draft while it is written. */
export interface FollowedDraft extends AsyncDisposable {
  /** Aborts when the draft is cancelled or removed, or when the server stops. */
  readonly signal: AbortSignal
  readonly isCancelled: () => boolean
  /** Counts a part of the answer. */
  readonly add: (text: string) => void
  /** Counts anew. */
  readonly restart: () => void
  /** Records what the gates found so far. Rejects if the draft was cancelled. */
  readonly check: (gates: number, refusals: readonly DraftRefusal[]) => Promise<void>
  readonly progress: () => DraftProgress
}

/** The key that each section has, and title and description have not. */
const sectionKey = '"heading"'

export interface FollowOptions {
  readonly signal: AbortSignal
  /** ms between two records. */
  readonly interval: number
}

/** Records a draft's progress every `interval` ms, and learns by it whether the draft was cancelled. */
export function followDraft(
  drafts: Pick<Drafts, 'change'>,
  { id, progress: { expectedSections } }: Pick<Draft, 'id' | 'progress'>,
  { signal, interval }: FollowOptions,
): FollowedDraft {
  const cancelled = new AbortController()
  let [characters, sections, gates, tail, unread] = [0, 0, 0, '', '']
  let claim: string | null = null
  let writing: Promise<void> = Promise.resolve()
  const progress = (): DraftProgress => {
    claim = lastClaim(unread) ?? claim
    return { characters, sections, expectedSections, claim, gates }
  }
  const record = async (refusals?: readonly DraftRefusal[]) => {
    const change = { from: ['writing'], to: 'writing', progress: progress() } as const
    const known = await drafts.change(id, { ...change, ...(refusals !== undefined && { refusals }) })
    if (known === null) cancelled.abort(new Error('the draft was cancelled'))
  }
  const timer = setInterval(() => {
    // A failure is one of the database, which the end of the draft meets as well.
    writing = writing.then(() => record()).catch(() => undefined)
  }, interval)
  return {
    signal: AbortSignal.any([signal, cancelled.signal]),
    isCancelled: () => cancelled.signal.aborted,
    add: (text) => {
      characters += text.length
      const joined = tail + text
      sections += joined.split(sectionKey).length - 1
      tail = joined.slice(-(sectionKey.length - 1))
      unread = (unread + text).slice(-unreadLength)
    },
    restart: () => {
      ;[characters, sections, gates, tail, unread, claim] = [0, 0, 0, '', '', null]
    },
    check: async (count, refusals) => {
      gates = count
      await writing
      await record(refusals)
      cancelled.signal.throwIfAborted()
    },
    progress,
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer)
      await writing
    },
  }
}
