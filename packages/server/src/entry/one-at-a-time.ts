import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** The maximum number of waiting requests of one connection. Browsers and proxies send one at a time. */
const maxWaiting = 16

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/**
 * Answers the requests of a connection one after another, in their order. Node passes on all pipelined requests (RFC 9112
 * section 9.3.2) at once and never closes those that are not answered, so a file that a route opened for one would stay open.
 * A connection with too many waiting requests is closed.
 */
export function oneAtATime(answer: Answer): Answer {
  const waiting = new WeakMap<Socket, Exchange[]>()

  const begin = ({ request, response }: Exchange) => {
    const { socket } = request
    response.once('close', () => {
      const next = socket.destroyed ? undefined : waiting.get(socket)?.shift()
      if (next === undefined) waiting.delete(socket)
      else begin(next)
    })
    answer(request, response)
  }

  return (request, response) => {
    const { socket } = request
    const queue = waiting.get(socket)
    if (queue === undefined) {
      waiting.set(socket, [])
      begin({ request, response })
    } else if (queue.length < maxWaiting) {
      queue.push({ request, response })
    } else {
      queue.length = 0
      socket.destroy()
    }
  }
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}
