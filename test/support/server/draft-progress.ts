import assert from 'node:assert/strict'
import type { ServerProcess } from './server-process.ts'

/** How far a draft is. */
export interface DraftProgress {
  readonly status: string
  readonly characters: number
  readonly latestClaim: string | null
  readonly tokens: number
}

/** A stream of a draft's progress. */
export interface DraftProgressStream {
  /** Returns the next event; null at the end that the server announces. Rejects if the stream breaks off. */
  next(): Promise<DraftProgress | null>
  /** Reads on to an event. Rejects if the stream ends before. */
  until(isIt: (progress: DraftProgress) => boolean): Promise<DraftProgress>
  close(): void
}

/** Follows a draft by the graph of a server, as its operator. */
export async function openDraftProgress(server: ServerProcess, id: string): Promise<DraftProgressStream> {
  const closing = new AbortController()
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${await server.token()}`,
    },
    body: JSON.stringify({
      query:
        'subscription ($ids: [ID!]!) { draftProgress(ids: $ids) { status characters latestClaim tokens } }',
      variables: { ids: [id] },
    }),
    signal: closing.signal,
  })
  assert.equal(response.status, 200)
  assert.ok(response.body)
  const parts = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const next = async (): Promise<DraftProgress | null> => {
    for (;;) {
      const end = text.indexOf('\n\n')
      if (end === -1) {
        const { done, value } = await parts.read()
        assert.ok(!done, 'the stream broke off')
        text += value
        continue
      }
      const event = text.slice(0, end)
      text = text.slice(end + 2)
      if (event.startsWith('event: complete')) return null
      const [, data] = /^data: (.*)$/m.exec(event) ?? []
      // A comment keeps the connection alive.
      if (data === undefined) continue
      const answer = JSON.parse(data) as { readonly data?: { readonly draftProgress: DraftProgress } | null }
      assert.ok(answer.data, event)
      return answer.data.draftProgress
    }
  }
  return {
    next,
    until: async (isIt) => {
      for (;;) {
        const progress = await next()
        assert.ok(progress, 'the stream ended')
        if (isIt(progress)) return progress
      }
    },
    close: () => closing.abort(),
  }
}
