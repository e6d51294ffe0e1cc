import type { Reports, Store } from '@peerpress/store'
import { GraphQLError } from 'graphql'
import { ApiError } from '../api-error.ts'

/**
 * One request during its execution, as one caller of the store. Its queries are cancelled when the request is refused
 * as a whole, when the client disconnects, or when the time of the request is over.
 */
export class RequestRun {
  readonly reports: Reports
  readonly #stop = new AbortController()
  readonly #end: () => void

  /** @param options `time` of the request, ms; `disconnected` is aborted when the client disconnects */
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

  /** The reason why the queries of the request were cancelled; null if they were not. */
  get refusal(): ApiError | GraphQLError | null {
    return this.#stop.signal.aborted ? (this.#stop.signal.reason as GraphQLError) : null
  }

  /** Cancels the rest of the request if `error` refuses it as a whole. An unexpected error fails one field only. */
  fail(error: unknown): void {
    if (error instanceof GraphQLError) this.#stop.abort(error)
  }

  /** Ends the request. */
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
