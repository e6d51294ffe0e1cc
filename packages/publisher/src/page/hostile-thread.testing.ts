import { parentPort } from 'node:worker_threads'
import type { ThreadMessage } from './thread-reader.ts'
import type { PageContent, PageSource } from './read-page.ts'

const faults: Readonly<Record<string, () => unknown>> = {
  hang: () => {
    for (;;);
  },
  fill: () => {
    for (const all: string[] = []; ; all.push(`${all.length} of many`));
  },
  exit: () => process.exit(3),
  throw: () => {
    throw new Error('a fault of the thread')
  },
  reject: () => Promise.reject(new Error('nobody handles this')),
}

// A thread with the fault that its page names. For any other page, the text is the only URL of its media.
parentPort?.on('message', ({ html }: PageSource) => {
  const text = Buffer.from(html).toString()
  if (text in faults) faults[text]?.()
  else send({ content: { media: [text], omitted: [], body: null, offer: null } })
  if (text === 'last') setImmediate(() => process.exit(0))
})
send('ready')

function send(message: ThreadMessage<PageContent>): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of Node has no origins
  parentPort?.postMessage(message)
}
