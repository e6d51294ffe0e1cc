import { Worker } from 'node:worker_threads'
import { abortReason, PublisherError } from '../publisher-error.ts'
import type { PageContent, PageSource } from './read-page.ts'

export interface PageReaderOptions {
  /** Time limit of one page, ms. The worst page of 8 MiB takes 2 s of processor time. @default 20 s */
  readonly timeLimit?: number
  /** Memory limit of the thread's heap, MiB. @default 256 */
  readonly memoryLimit?: number
  /** Time that an idle thread is kept, ms. @default 60 s */
  readonly idleTime?: number
  /** The module that the thread runs. @default `page-reader-main.ts` */
  readonly entry?: URL
}

/**
 * Reads pages of foreign sites in a separate thread, so that their content can neither block nor end the server. Pages
 * are read one after another. A page that exceeds a limit ends the thread, and the next page starts another.
 */
export interface PageReader {
  /**
   * Reads a page.
   * @throws {PublisherError} `unreadable-page` beyond a limit or if reading fails; `unsupported-encoding`; `stopped` after `close`; the
   * signal's reason.
   */
  read(source: PageSource, signal: AbortSignal): Promise<PageContent>
  /** Ends the thread and cancels its page. */
  close(): Promise<void>
}

/** A quarter of Node's default. After many pages 30 MiB less memory are in use, and reading takes no longer. */
const maxYoungGenerationSizeMb = 4

export function createPageReader({
  timeLimit = 20_000,
  memoryLimit = 256,
  idleTime = 60_000,
  entry = new URL('page-reader-main.ts', import.meta.url),
}: PageReaderOptions = {}): PageReader {
  let thread: PageThread | null = null
  let idle: NodeJS.Timeout | undefined
  let queue: Promise<unknown> = Promise.resolve()
  const stopping = new AbortController()

  const readAlone = async (source: PageSource, signal: AbortSignal) => {
    clearTimeout(idle)
    if (signal.aborted) throw abortReason(signal)
    if (thread?.hasEnded() === true) thread = null
    thread ??= startThread(entry, memoryLimit)
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

interface PageThread {
  read(source: PageSource, options: { timeLimit: number; signal: AbortSignal }): Promise<PageContent>
  hasEnded(): boolean
  end(): Promise<void>
}

/** A message of the thread: `ready` once, then a response for each page. */
export type PageReaderMessage =
  | 'ready'
  | { readonly content: PageContent }
  | { readonly failure: string }
  /** The page is in an encoding that browsers do not decode. */
  | { readonly unsupported: string }

function startThread(entry: URL, memoryLimit: number): PageThread {
  const worker = new Worker(entry, {
    name: 'page-reader',
    env: {},
    resourceLimits: { maxYoungGenerationSizeMb, maxOldGenerationSizeMb: memoryLimit },
  })
  let hasEnded = false
  let next = Promise.withResolvers<PageReaderMessage>()
  const ended = Promise.withResolvers<never>()
  // The thread may end while no message is awaited.
  ended.promise.catch(() => {})
  worker.on('message', (message: PageReaderMessage) => next.resolve(message))
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
        next = Promise.withResolvers<PageReaderMessage>()
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
