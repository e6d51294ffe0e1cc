import type { Draft, Drafts } from '@peerpress/registry'

/** A draft while it is written. */
export interface FollowedDraft extends AsyncDisposable {
  /** Aborts when the draft is cancelled or removed, or when the server stops. */
  readonly signal: AbortSignal
  readonly isCancelled: () => boolean
  /** Counts a part of the answer. */
  readonly add: (text: string) => void
  /** Counts anew. */
  readonly restart: () => void
  readonly progress: () => Draft['progress']
}

/** The key that each section has, and title and description have not. */
const sectionKey = '"heading"'

/** Records a draft's progress every `interval` ms, and learns by it whether the draft was cancelled. */
export function followDraft(
  drafts: Pick<Drafts, 'change'>,
  id: string,
  { signal, interval }: { readonly signal: AbortSignal; readonly interval: number },
): FollowedDraft {
  const cancelled = new AbortController()
  let [characters, sections, tail] = [0, 0, '']
  let writing: Promise<void> = Promise.resolve()
  const progress = () => ({ characters, sections })
  const record = async () => {
    const known = await drafts.change(id, { from: ['writing'], to: 'writing', progress: progress() })
    if (known === null) cancelled.abort(new Error('the draft was cancelled'))
  }
  const timer = setInterval(() => {
    // A failure is one of the database, which the end of the draft meets as well.
    writing = writing.then(record).catch(() => undefined)
  }, interval)
  return {
    signal: AbortSignal.any([signal, cancelled.signal]),
    isCancelled: () => cancelled.signal.aborted,
    add: (text) => {
      characters += text.length
      const joined = tail + text
      sections += joined.split(sectionKey).length - 1
      tail = joined.slice(-(sectionKey.length - 1))
    },
    restart: () => {
      ;[characters, sections, tail] = [0, 0, '']
    },
    progress,
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer)
      await writing
    },
  }
}
