import type { Sql } from '../engines/database.ts'
import type { Cursor } from './cursor.ts'
import type { DomainChange, DomainEvent } from './domain-event.ts'

/** Reacts to one event. A rejection has the event delivered again. */
export type EventHandler = (event: DomainEvent, signal: AbortSignal) => Promise<void>

export interface DeliveryOptions {
  readonly sql: Sql
  readonly cursor: Cursor
  readonly handler: EventHandler
  /** Called with an error of the handler or of the database. Must not throw. */
  readonly onFailure: (error: unknown) => void
}

/** Events that one statement reads. */
const eventsAtOnce = 100
/** ms between renewals of a claim while a handler runs. */
const renewMs = 20_000
/** ms until the first retry, and at most. */
const retryPause = { first: 1000, longest: 900_000 }

/** Delivers the events after a cursor to one handler, one after the other; an event that fails is retried with backoff. */
export class Delivery {
  readonly #options: DeliveryOptions
  readonly #stopping = new AbortController()
  #running: Promise<void> = Promise.resolve()
  #isQueued = false
  #retry: NodeJS.Timeout | undefined

  constructor(options: DeliveryOptions) {
    this.#options = options
  }

  /** Delivers what is due, after what is being delivered. */
  wake(): void {
    if (this.#isQueued || this.#stopping.signal.aborted) return
    this.#isQueued = true
    this.#running = this.#running.then(() => {
      this.#isQueued = false
      return this.#deliver()
    })
  }

  /** Aborts the handler that runs and resolves when it has ended. Never rejects. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    clearTimeout(this.#retry)
    await this.#running
  }

  async #deliver(): Promise<void> {
    const { cursor, onFailure } = this.#options
    try {
      while (!this.#stopping.signal.aborted) {
        const claimed = await cursor.claim()
        if (claimed === null) {
          // An earlier run of this server may have failed, and only its process knew when to try again.
          const retryMs = await cursor.retryIn()
          if (retryMs !== null) this.#wakeIn(retryMs)
          return
        }
        const { failed, handled } = await this.#handleAfter(claimed.position)
        if (failed === null) {
          // All events up to the head were removed before the subscription began.
          if (handled === 0) await cursor.advance(claimed.head)
          continue
        }
        const failures = handled === 0 ? claimed.failures : 0
        const retryMs = Math.min(retryPause.longest, retryPause.first * 2 ** Math.min(failures, 20))
        const message = failed.error instanceof Error ? failed.error.message : String(failed.error)
        await cursor.release(this.#stopping.signal.aborted ? null : { message: storable(message), retryMs })
        if (this.#stopping.signal.aborted) return
        onFailure(failed.error)
        this.#wakeIn(retryMs)
        return
      }
    } catch (error) {
      onFailure(error)
      this.#wakeIn(retryPause.first * 5)
    }
  }

  async #handleAfter(
    position: number,
  ): Promise<{ readonly handled: number; readonly failed: { readonly error: unknown } | null }> {
    const { sql, cursor, handler } = this.#options
    const { signal } = this.#stopping
    let handled = 0
    for (const event of await eventsAfter(sql, position)) {
      // A failed renewal is no failure of the handler: the claim may still hold.
      const renewal = setInterval(() => {
        cursor.renew().catch(() => undefined)
      }, renewMs)
      try {
        signal.throwIfAborted()
        await handler(event, signal)
      } catch (error) {
        return { handled, failed: { error } }
      } finally {
        clearInterval(renewal)
      }
      await cursor.advance(event.position)
      handled++
    }
    return { handled, failed: null }
  }

  #wakeIn(ms: number): void {
    clearTimeout(this.#retry)
    if (this.#stopping.signal.aborted) return
    // A little later than the database allows it.
    this.#retry = setTimeout(() => this.wake(), ms + 10)
    this.#retry.unref()
  }
}

async function eventsAfter(sql: Sql, position: number): Promise<DomainEvent[]> {
  const rows = await sql.query<{
    readonly position: string | number
    readonly type: string
    readonly site: string
    readonly data: object
    readonly occurred_at: Date
  }>(
    `select position, type, site, data, occurred_at from peerpress.domain_event
     where position > $1 order by position limit ${eventsAtOnce}`,
    [position],
  )
  return rows.map(({ position: at, type, site, data, occurred_at: occurredAt }) => ({
    ...({ ...data, type, site } as DomainChange),
    position: Number(at),
    occurredAt,
  }))
}

/** Postgres stores no U+0000. */
function storable(text: string): string {
  return text.replaceAll('\0', '').slice(0, 500).toWellFormed()
}
