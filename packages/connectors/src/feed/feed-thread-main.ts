import { parentPort, workerData } from 'node:worker_threads'
import { decodeDocument } from '../xml/decode-document.ts'
import type { FeedTask, FeedThreadMessage } from './feed-thread.ts'
import { parseFeed } from './parse-feed.ts'

// The thread of one feed: reports that it is ready, then sends the entries, and ends.
send('ready')
send(answer(workerData as FeedTask))

function answer({ bytes, charset, maxEntries }: FeedTask): FeedThreadMessage {
  const { text, problem } = decodeDocument(bytes, charset)
  const start = text.trimStart().slice(0, 200)
  if (start === '') return { failure: 'It is empty.' }
  if (/^<(?:!doctype\s+html|html)\b/i.test(start)) {
    return {
      failure:
        'It is a web page, not a feed. Feeds often have the address /feed.xml, /rss.xml or /index.xml.',
    }
  }
  try {
    return { entries: parseFeed(text, maxEntries), problem }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { failure: `It is no complete RSS, Atom, RDF or JSON feed (${reason}).` }
  }
}

function send(message: FeedThreadMessage): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of Node has no origins
  parentPort?.postMessage(message)
}
