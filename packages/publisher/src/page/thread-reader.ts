import { Worker } from 'node:worker_threads'
import { abortReason, PublisherError } from '../publisher-error.ts'

/** The part of a page that moves into the thread. */
export interface PageBytes {
  readonly html: Uint8Array
}

export interface ThreadReaderOptions {
  /** Time limit of one page, ms. The worst page of 8 MiB takes 2 s of processor time. @default 20 s */
  readonly timeLimit?: number
  /** Memory limit of the thread's heap, MiB. @default 256 */
  readonly memoryLimit?: number
  /** Time that an idle thread is kept, ms. @default 60 s */
  readonly idleTime?: number
  /** The module that the thread runs: it calls `answerInThread`. */
  readonly entry: URL
}

/**
 * Reads pages of foreign sites in a separate thread, so that their content can neither block nor end the server. Pages
 * are read one after another. A page that exceeds a limit ends the thread, and the next page starts another.
 */
export interface ThreadReader<Source extends PageBytes, Content> {
  /**
   * Reads a page.
   * @throws {PublisherError} `unreadable-page` beyond a limit or if reading fails; `unsupported-encoding`; `stopped`
   * after `close`; the signal's reason.
   */
  read(source: Source, signal: AbortSignal): Promise<Content>
  /** Ends the thread and cancels its page. */
  close(): Promise<void>
}

/** A quarter of Node's default. After many pages 30 MiB less memory are in use, and reading takes no longer. */
const maxYoungGenerationSizeMb = 4

export function createThreadReader<Source extends PageBytes, Content>({
  timeLimit = 20_000,
  memoryLimit = 256,
  idleTime = 60_000,
  entry,
}: ThreadReaderOptions): ThreadReader<Source, Content> {
  let thread: PageThread<Source, Content> | null = null
  let idle: NodeJS.Timeout | undefined
  let queue: Promise<unknown> = Promise.resolve()
  const stopping = new AbortController()

  const readAlone = async (source: Source, signal: AbortSignal) => {
    clearTimeout(idle)
    if (signal.aborted) throw abortReason(signal)
    if (thread?.hasEnded() === true) thread = null
    thread ??= startThread<Source, Content>(entry, memoryLimit)
    try {
      return await thread.read(source, { timeLimit, signal })
    } catch (error) {
      await endThread()
      throw error
    } finally {
      idle = setTimeout(() => {
        // A thread that cannot be terminated has already ended.
        endThread().catch(() => undefined)
      }, idleTime).unref()
    }
  }
  const endThread = async () => {
    const ended = thread
    thread = null
    await ended?.end()
  }

  return {
    read: (source, signal) => {
      const either = AbortSignal.any([signal, stopping.signal])
      const content = queue.then(() => readAlone(source, either))
      queue = content.catch(() => {})
      return content
    },
    close: async () => {
      stopping.abort(new PublisherError('stopped', 'the server is stopping'))
      await queue
      clearTimeout(idle)
      await endThread()
    },
  }
}

interface PageThread<Source, Content> {
  read(source: Source, options: { timeLimit: number; signal: AbortSignal }): Promise<Content>
  hasEnded(): boolean
  end(): Promise<void>
}

/** A message of the thread: `ready` once, then a response for each page. */
export type ThreadMessage<Content> =
  | 'ready'
  | { readonly content: Content }
  | { readonly failure: string }
  /** The page is in an encoding that browsers do not decode. */
  | { readonly unsupported: string }

function startThread<Source extends PageBytes, Content>(
  entry: URL,
  memoryLimit: number,
): PageThread<Source, Content> {
  const worker = new Worker(entry, {
    name: 'page-reader',
    env: {},
    resourceLimits: { maxYoungGenerationSizeMb, maxOldGenerationSizeMb: memoryLimit },
  })
  let hasEnded = false
  let next = Promise.withResolvers<ThreadMessage<Content>>()
  const ended = Promise.withResolvers<never>()
  // The thread may end while no message is awaited.
  ended.promise.catch(() => {})
  worker.on('message', (message: ThreadMessage<Content>) => next.resolve(message))
  worker.on('messageerror', (error) => ended.reject(error))
  worker.on('error', (error) => ended.reject(error))
  worker.on('exit', () => {
    hasEnded = true
    ended.reject(new Error('the thread ended'))
  })
  const ready = next.promise

  return {
    read: async (source, { timeLimit, signal }) => {
      const stop = Promise.withResolvers<never>()
      const abort = () => stop.reject(abortReason(signal))
      signal.addEventListener('abort', abort)
      worker.ref()
      let timer: NodeJS.Timeout | undefined
      try {
        // The limit applies to the page. On a busy machine a thread takes time to start.
        await Promise.race([ready, ended.promise, stop.promise])
        const late = () => stop.reject(unreadable(`reading it took more than ${timeLimit} ms`))
        timer = setTimeout(late, timeLimit)
        next = Promise.withResolvers<ThreadMessage<Content>>()
        const html = Uint8Array.from(source.html)
        worker.postMessage({ ...source, html }, [html.buffer])
        const reading = ended.promise.catch((error: unknown) => Promise.reject(failureOf(error, memoryLimit)))
        const message = await Promise.race([next.promise, reading, stop.promise])
        if (message === 'ready') throw unreadable('the thread started twice')
        if ('failure' in message) throw unreadable(message.failure)
        if ('unsupported' in message) {
          throw new PublisherError(
            'unsupported-encoding',
            `the post cannot be published: ${message.unsupported}`,
          )
        }
        return message.content
      } finally {
        clearTimeout(timer)
        worker.unref()
        signal.removeEventListener('abort', abort)
      }
    },
    hasEnded: () => hasEnded,
    end: async () => {
      await worker.terminate()
    },
  }
}

function failureOf(error: unknown, memoryLimit: number): PublisherError {
  const isLimit = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
  const reason = isLimit ? `reading it took more than ${memoryLimit} MiB` : 'the thread that read it ended'
  return unreadable(reason, error)
}

function unreadable(reason: string, cause?: unknown): PublisherError {
  return new PublisherError('unreadable-page', `the HTML of the post cannot be read: ${reason}`, { cause })
}
