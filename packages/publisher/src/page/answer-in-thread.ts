import { parentPort } from 'node:worker_threads'
import { UnsupportedEncoding } from './charset.ts'
import type { ThreadMessage } from './thread-reader.ts'

/** Runs in the thread of a `ThreadReader`: reports that it is ready, then responds to each page. */
export function answerInThread(read: (source: never) => unknown): void {
  parentPort?.on('message', (source: unknown) => send(answer(read, source as never)))
  send('ready')
}

function answer(read: (source: never) => unknown, source: never): ThreadMessage<unknown> {
  try {
    return { content: read(source) }
  } catch (error) {
    if (error instanceof UnsupportedEncoding) return { unsupported: error.message }
    return { failure: String(error) }
  }
}

function send(message: ThreadMessage<unknown>): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of Node has no origins
  parentPort?.postMessage(message)
}
