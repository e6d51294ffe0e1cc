import { parentPort } from 'node:worker_threads'
import { UnsupportedEncoding } from './charset.ts'
import type { PageReaderMessage } from './page-reader.ts'
import { type PageSource, readPage } from './read-page.ts'

// The thread of a page reader: reports that it is ready, then responds to each page.
parentPort?.on('message', (source: PageSource) => send(answer(source)))
send('ready')

function answer(source: PageSource): PageReaderMessage {
  try {
    return { content: readPage(source) }
  } catch (error) {
    if (error instanceof UnsupportedEncoding) return { unsupported: error.message }
    return { failure: String(error) }
  }
}

function send(message: PageReaderMessage): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of Node has no origins
  parentPort?.postMessage(message)
}
