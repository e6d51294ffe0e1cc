import type { Plugin } from 'graphql-yoga'
import { ApiError } from '../api-error.ts'
import type { OperationContext } from '../context.ts'
import type { Streams } from './streams.ts'

/**
 * Yoga plugin: subscriptions as streams of server-sent events. Refuses a subscription whose client takes no events, keeps
 * intermediaries from compressing or collecting them, and ends all streams with the API.
 */
export function useStreams(streams: Streams): Plugin<OperationContext> {
  return {
    onSubscribe({ context }) {
      if (takesEvents(context.request.headers.get('accept'))) return
      throw new ApiError(
        'NOT_ACCEPTABLE',
        'A subscription is answered as server-sent events. Send "Accept: text/event-stream".',
      )
    },
    onResponse({ response }) {
      if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return
      // Compression would hold events back until it has enough of them, and so does nginx without its own header.
      response.headers.set('Cache-Control', 'no-store, no-transform')
      response.headers.set('X-Accel-Buffering', 'no')
      // The library's way to say the same. It is no content coding (RFC 9110 section 8.4.1).
      response.headers.delete('Content-Encoding')
    },
    onDispose() {
      streams.close()
    },
  }
}

function takesEvents(accept: string | null): boolean {
  const types = (accept ?? '*/*').split(',').map((type) => type.split(';', 1)[0]?.trim().toLowerCase())
  return types.some((type) => type === 'text/event-stream' || type === 'text/*' || type === '*/*')
}
