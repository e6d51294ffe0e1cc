import type { IncomingMessage, ServerResponse } from 'node:http'

/** How long a connection stays open after an answer that did not wait for the request's body, ms. */
const readTime = 1000

/**
 * Closes the connection of a request that was answered before its body had arrived. For a moment, further bytes are read and
 * discarded: a close with unread bytes resets the connection, and the client may lose the answer (RFC 9112 section 9.6). The
 * connection stays open if the client completes its body in this time.
 */
export function closeUnread(request: IncomingMessage, response: ServerResponse): void {
  response.once('finish', () => {
    if (request.complete) return
    const timer = setTimeout(() => request.socket.destroy(), readTime)
    request.once('close', () => clearTimeout(timer))
  })
}
