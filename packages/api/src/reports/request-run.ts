import type { Reports, Store } from '@peerpress/store'
import { GraphQLError } from 'graphql'
import { ApiError } from '../api-error.ts'

/** Limits of a request. */
export interface RunOptions {
  /** Maximum time of the request, ms. */
  readonly time: number
  /** Maximum time of one section, ms. */
  readonly sectionTime: number
  /** Aborted when the client disconnects. */
  readonly disconnected: AbortSignal
}

/** A part of a report that may fail alone. */
interface Section {
  readonly reports: Reports
  /** Aborted when the time of the section or of the request is over, and when the client disconnects. */
  readonly signal: AbortSignal
  /** Returns whether the time of the section is over. */
  readonly isLate: () => boolean
  /** Maximum time of the section. */
  readonly seconds: number
}

/**
 * One request during its execution, as one caller of the store. Its queries are cancelled when the request is refused
 * as a whole, when the client disconnects, or when the time of the request is over.
 */
export class RequestRun {
  readonly reports: Reports
  readonly #store: Pick<Store, 'reportsFor'>
  readonly #sectionTime: number
  readonly #stop = new AbortController()
  readonly #end: () => void

  constructor(store: Pick<Store, 'reportsFor'>, { time, sectionTime, disconnected }: RunOptions) {
    this.#store = store
    this.#sectionTime = sectionTime
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

  /** Begins a section, whose queries are also cancelled when its own time is over. */
  beginSection(): Section {
    const late = AbortSignal.timeout(this.#sectionTime)
    const signal = AbortSignal.any([this.#stop.signal, late])
    const reports = this.#store.reportsFor({ caller: this, signal })
    return { reports, signal, isLate: () => late.aborted, seconds: this.#sectionTime / 1000 }
  }

  /** Cancels the rest of the request if `error` refuses it as a whole. An unexpected error fails one field only. */
  fail(error: unknown): void {
    if (error instanceof GraphQLError && error.name !== 'SectionError') this.#stop.abort(error)
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
