import type { Reports, Store } from '@peerpress/store'
import { GraphQLError } from 'graphql'
import { ApiError } from '../api-error.ts'

/**
 * One request while it is executed: a caller of the store, whose queries are all cancelled when the request is refused as
 * a whole, when the client disconnects, or when the time of the request has passed.
 */
export class RequestRun {
  readonly reports: Reports
  readonly #stop = new AbortController()
  readonly #end: () => void

  /** @param options `time` of the request, ms; `disconnected` is aborted when the client has gone */
  constructor(
    store: Pick<Store, 'reportsFor'>,
    { time, disconnected }: { readonly time: number; readonly disconnected: AbortSignal },
  ) {
    this.reports = store.reportsFor({ caller: this, signal: this.#stop.signal })
    const timer = setTimeout(() => this.#stop.abort(tooLate(time)), time).unref()
    const onDisconnect = () => this.#stop.abort(clientHasGone())
    if (disconnected.aborted) onDisconnect()
    else disconnected.addEventListener('abort', onDisconnect, { once: true })
    this.#end = () => {
      clearTimeout(timer)
      disconnected.removeEventListener('abort', onDisconnect)
    }
  }

  /** Why the queries of the request were cancelled; null while they are not. */
  get refusal(): ApiError | GraphQLError | null {
    return this.#stop.signal.aborted ? (this.#stop.signal.reason as GraphQLError) : null
  }

  /** Cancels what is left of the request when `error` refuses it as a whole: an unexpected error costs one field only. */
  fail(error: unknown): void {
    if (error instanceof GraphQLError) this.#stop.abort(error)
  }

  /** The request is over. */
  end(): void {
    this.#end()
  }
}

function tooLate(time: number): ApiError {
  const seconds = time / 1000
  return new ApiError(
    'UNAVAILABLE',
    `The request took more than ${seconds} s; ask for less, or try again later.`,
  )
}

function clientHasGone(): ApiError {
  return new ApiError('UNAVAILABLE', 'The client has disconnected.')
}
