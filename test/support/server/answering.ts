import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

/** A server's listener for an answer that takes time. When it fails the connection breaks, as the test will see. */
export function answering(
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<unknown>,
): RequestListener {
  return (request, response) => {
    answer(request, response).catch((error: Error) => response.destroy(error))
  }
}
