import type { IncomingMessage } from 'node:http'
import type { BodyBudget } from './body-budget.ts'

/** Why a body was not read. */
export type BodyFault =
  /** It is longer than the route's limit. */
  | 'too-large'
  /** The bodies in flight hold all the memory of their budget. A retry may succeed. */
  | 'busy'
  /** The client closed the connection before it had sent the whole body. */
  | 'incomplete'

export interface BodyOptions {
  /** The route's limit, bytes. */
  readonly limit: number
  readonly budget: BodyBudget
  /** The client's network: its bodies share a part of the budget. */
  readonly network: string
}

/** Size of the first buffer for a body that arrives in several pieces, bytes. */
const firstBuffer = 1024

/**
 * Reads a request's body into one buffer, which grows with the received bytes, so that a body in thousands of small chunks
 * costs no more memory than in one chunk. Never rejects. After a failure the rest of the body is read and discarded.
 */
export function readBody(
  request: IncomingMessage,
  { limit, budget, network }: BodyOptions,
): Promise<Buffer | BodyFault> {
  // A missing header gives NaN, which exceeds no limit and equals no length.
  const declared = Number(request.headers['content-length'])
  if (declared > limit) return Promise.resolve('too-large')
  return new Promise((resolve) => {
    let buffer = empty
    let length = 0

    const end = (outcome: Buffer | BodyFault) => {
      request.off('data', onData).off('end', onEnd).off('close', onClose)
      budget.release(network, buffer.length)
      resolve(outcome)
    }
    const grow = (needed: number): boolean => {
      const size = Math.min(limit, Math.max(needed, 2 * buffer.length, firstBuffer))
      if (!budget.take(network, size - buffer.length)) return false
      const grown = Buffer.allocUnsafeSlow(size)
      buffer.copy(grown, 0, 0, length)
      buffer = grown
      return true
    }
    const onData = (chunk: Buffer) => {
      // Most bodies arrive in one piece, which is used without a copy.
      if (length === 0 && chunk.length === declared) {
        end(chunk)
        return
      }
      const needed = length + chunk.length
      if (needed > limit) end('too-large')
      else if (needed > buffer.length && !grow(needed)) end('busy')
      else {
        chunk.copy(buffer, length)
        length = needed
      }
    }
    const onEnd = () => end(buffer.subarray(0, length))
    const onClose = () => end('incomplete')
    request.on('data', onData).once('end', onEnd).once('close', onClose)
    // A broken connection ends with a close event.
    request.on('error', ignore)
  })
}

const empty = Buffer.alloc(0)
const ignore = () => undefined
