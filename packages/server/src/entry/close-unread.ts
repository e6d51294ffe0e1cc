import type { IncomingMessage, ServerResponse } from 'node:http'

/** How long a connection stays open after an answer that did not wait for the request's body, ms. */
const patience = 1000

/**
 * Closes the connection of a request that was answered before its body had arrived. What the client still sends is
 * discarded for a moment first: a close with unread bytes resets the connection, and the client may lose the answer
 * (RFC 9112 section 9.6). A client that ends its body in this time keeps its connection.
 */
export function closeUnread(request: IncomingMessage, response: ServerResponse): void {
  response.once('finish', () => {
    if (request.complete) return
    const timer = setTimeout(() => request.socket.destroy(), patience)
    request.once('close', () => clearTimeout(timer))
  })
}
