import { Worker } from 'node:worker_threads'
import type { StatedEntry } from './parse-feed.ts'

/** A feed to parse. */
export interface FeedTask {
  readonly bytes: Uint8Array
  /** The `charset` of its header. */
  readonly charset: string | null
  readonly maxEntries: number
}

/** The entries of a feed, or the reason why it cannot be read. `problem`: a fault that did not prevent reading. */
export type FeedAnswer =
  { readonly entries: readonly StatedEntry[]; readonly problem: string | null } | { readonly failure: string }

/** A message of the thread: `ready` when it starts to read, then the answer. */
export type FeedThreadMessage = 'ready' | FeedAnswer

export interface FeedThreadLimits {
  /** ms. A feed of 8 MiB takes up to 5 s of processor time. */
  readonly time: number
  /** MiB of the thread's heap */
  readonly memory: number
}

/**
 * Parses a feed in a thread of its own, so that a hostile feed can neither block nor end the server. Resolves to a
 * failure if the thread exceeds a limit.
 */
export async function parseInThread(task: FeedTask, { time, memory }: FeedThreadLimits): Promise<FeedAnswer> {
  const answer = Promise.withResolvers<FeedAnswer>()
  let timer: NodeJS.Timeout | undefined
  const thread = new Worker(new URL('feed-thread-main.ts', import.meta.url), {
    name: 'feed-reader',
    env: {},
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: memory },
  })
  const late = () => answer.resolve({ failure: `Reading it took more than ${time} ms.` })
  thread.on('message', (message: FeedThreadMessage) => {
    // The limit applies to the feed. On a busy machine a thread takes time to start.
    if (message === 'ready') timer = setTimeout(late, time)
    else answer.resolve(message)
  })
  thread.on('messageerror', () => answer.resolve({ failure: 'It cannot be read.' }))
  thread.on('error', (error) => answer.resolve({ failure: failureOf(error, memory) }))
  thread.on('exit', () => answer.resolve({ failure: 'It cannot be read: the thread that read it ended.' }))
  try {
    return await answer.promise
  } finally {
    clearTimeout(timer)
    // A thread that cannot be terminated has already ended.
    await thread.terminate().catch(() => undefined)
  }
}

function failureOf(error: unknown, memory: number): string {
  const isLimit = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
  return isLimit ? `Reading it took more than ${memory} MiB.` : `It cannot be read: ${String(error)}`
}
