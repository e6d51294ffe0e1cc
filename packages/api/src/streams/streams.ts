import type { Principal } from '@peerpress/accounts'
import { ApiError } from '../api-error.ts'
import type { Sender } from '../sender.ts'
import { spenderOf } from '../limits/cost-budget.ts'
import { ValueStream } from './value-stream.ts'

export interface StreamLimits {
  /** Open streams of each account, token or network. Browsers have six connections to a server. @default 4 */
  readonly perPrincipal?: number
  /** Open streams of all. @default 200 */
  readonly total?: number
  /** ms between two checks of whether the sender may still read what is streamed. @default 5_000 */
  readonly recheck?: number
  /** ms after which a stream ends; its client may open another. @default 900_000 */
  readonly lifetime?: number
}

export interface StreamRequest {
  readonly sender: Sender
  /** Aborts when the client disconnects. */
  readonly disconnected: AbortSignal
  /** Returns whether a principal may read what is streamed. */
  readonly isPermitted: (principal: Principal) => boolean
}

/** Seconds after which one of a principal's streams may have ended. */
const retryAfter = 30

/** The open streams of an API. */
export class Streams {
  readonly #limits: Required<StreamLimits>
  readonly #open = new Map<Pick<ValueStream<unknown>, 'end'>, string>()
  #isClosed = false

  constructor({ perPrincipal = 4, total = 200, recheck = 5_000, lifetime = 900_000 }: StreamLimits = {}) {
    this.#limits = { perPrincipal, total, recheck, lifetime }
  }

  /**
   * Opens a stream. It ends when its client disconnects, when its sender may no longer read it, and after its lifetime.
   * @throws {ApiError} `RATE_LIMITED` if the principal has too many, `UNAVAILABLE` if the server has, or stops
   */
  open<Value>({ sender, disconnected, isPermitted }: StreamRequest): ValueStream<Value> {
    const spender = spenderOf(sender)
    this.#admit(spender)
    const { recheck, lifetime } = this.#limits
    const stream = new ValueStream<Value>()
    const ended = new AbortController()
    stream.onEnd(() => {
      this.#open.delete(stream)
      ended.abort()
    })
    this.#open.set(stream, spender)
    const { signal } = ended
    later(lifetime, signal, () => stream.end())
    const check = async () => {
      const principal = await sender.renew()
      if (isPermitted(principal)) checkLater()
      else stream.end(refusalOf(principal))
    }
    const checkLater = () =>
      later(recheck, signal, () => {
        check().catch((cause: unknown) =>
          stream.end(unavailable('The server cannot check who you are now.', cause)),
        )
      })
    checkLater()
    // A client that is gone already reads no answer, whose end would end the stream.
    if (disconnected.aborted) stream.end()
    else disconnected.addEventListener('abort', () => stream.end(), { once: true, signal })
    return stream
  }

  /** Ends all streams, and refuses others from now on. */
  close(): void {
    this.#isClosed = true
    for (const stream of this.#open.keys())
      stream.end(unavailable('The server stops. Open the stream again.'))
  }

  #admit(spender: string): void {
    const { perPrincipal, total } = this.#limits
    if (this.#isClosed) throw unavailable('The server stops.')
    if (this.#open.size >= total) {
      throw unavailable(`The server has ${total} open streams. Ask without a stream, or try again later.`)
    }
    const own = [...this.#open.values()].filter((other) => other === spender).length
    if (own >= perPrincipal) {
      throw new ApiError(
        'RATE_LIMITED',
        `You have ${perPrincipal} open streams. End one, or ask without a stream.`,
        { retryAfter },
      )
    }
  }
}

/** Calls `act` after a time, unless the signal aborts before. */
function later(time: number, signal: AbortSignal, act: () => void): void {
  if (signal.aborted) return
  const cancel = () => clearTimeout(timer)
  const timer = setTimeout(() => {
    signal.removeEventListener('abort', cancel)
    act()
  }, time).unref()
  signal.addEventListener('abort', cancel, { once: true })
}

function refusalOf({ kind }: Principal): ApiError {
  return kind === 'nobody' || kind === 'reader'
    ? new ApiError('UNAUTHENTICATED', 'Your session has ended, or your token is no longer valid.')
    : new ApiError('FORBIDDEN', 'You may no longer read this.')
}

function unavailable(message: string, cause?: unknown): ApiError {
  return new ApiError('UNAVAILABLE', message, { cause })
}
