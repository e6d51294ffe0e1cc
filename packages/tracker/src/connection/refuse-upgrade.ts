import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

/** Time that a refused client has to read the answer and to close its side, ms. */
const lingerMs = 1000

/** An answer other than 101 to an upgrade request. */
export interface UpgradeRefusal {
  /** HTTP status, 4xx or 5xx. */
  readonly status: number
  /** Further headers of the answer. @default none */
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * Answers an upgrade request with a status and closes its connection. The socket is destroyed after a second at most,
 * even if the client leaves its side open or continues to send. Never throws: a client that resets the connection while
 * the answer is written ends only that connection.
 */
export function refuseUpgrade(socket: Duplex, { status, headers = {} }: UpgradeRefusal): void {
  ignoreErrors(socket)
  if (socket.destroyed) return
  const timer = setTimeout(() => socket.destroy(), lingerMs)
  socket.once('close', () => clearTimeout(timer))
  // A socket that is closed with unread bytes sends a reset, which can overtake the answer.
  socket.resume()
  if (socket.writable) socket.end(answerOf(status, headers))
}

/**
 * Handles a socket's errors by destroying it. An upgraded socket has no other listener for them, and an error without a
 * listener ends the process.
 */
export function ignoreErrors(socket: Duplex): void {
  socket.on('error', () => socket.destroy())
}

function answerOf(status: number, headers: Readonly<Record<string, string>>): string {
  const all = { Connection: 'close', 'Content-Length': '0', ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}\r\n${lines.join('')}\r\n`
}
