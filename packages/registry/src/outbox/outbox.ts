import { randomUUID } from 'node:crypto'
import type { Database } from '../engines/database.ts'
import { type Cursor, openMemoryCursor, openStoredCursor } from './cursor.ts'
import { Delivery, type EventHandler } from './delivery.ts'
import type { DomainChange } from './domain-event.ts'
import { createEventTransactions, type EventTransactions } from './event-transaction.ts'

/** How far a subscriber has come. */
export interface SubscriberState {
  readonly subscriber: string
  /** Events that wait for it. */
  readonly pending: number
  /** How often the next event has failed so far. */
  readonly failures: number
  /** Why it failed the last time; null if the next event has not failed. */
  readonly lastError: string | null
}

/** Ends a subscription on this server; resolves when its handler no longer runs. Never rejects. */
export type Unsubscribe = () => Promise<void>

/** The durable log of domain events. */
export interface Outbox {
  /** Stores an event that no change of the records belongs to. */
  append(change: DomainChange): Promise<void>
  /**
   * Delivers every event to `handler` at least once and in order. The position is stored under the subscriber's name, so
   * delivery goes on after a restart, and among servers that share the database one delivers at a time. A failed event is
   * retried with growing pauses, at most 15 minutes; it blocks no other subscriber. A new subscriber begins with the oldest
   * event that is still stored.
   */
  subscribe(subscriber: string, handler: EventHandler): Promise<Unsubscribe>
  /**
   * Delivers the events from now on to `handler` on this server, for state that this process alone has. A failed event is
   * retried as for `subscribe`.
   */
  follow(handler: EventHandler): Promise<Unsubscribe>
  /** The state of every stored subscription. */
  subscribers(): Promise<SubscriberState[]>
  /**
   * Removes events that are more than a day old and that all subscribers have handled, and subscriptions that no server has
   * used for 30 days.
   */
  prune(): Promise<void>
}

export interface OpenOutbox extends Outbox, EventTransactions {
  /** Ends all subscriptions of this server. Never rejects. */
  stop(): Promise<void>
}

export interface OutboxOptions {
  /** ms since the Unix epoch */
  readonly now: () => number
  /** Called with what an operator should know. Must not throw. */
  readonly onNotice: (notice: string) => void
}

/** How often events of other servers are looked for, ms. */
const pollMs = 2000
/** How often a server records that it uses its subscriptions, ms. */
const seenMs = 3_600_000

export function createOutbox(database: Database, { now, onNotice }: OutboxOptions): OpenOutbox {
  const node = randomUUID()
  const deliveries = new Set<Delivery>()
  const subscribed = new Set<string>()
  const wake = () => {
    for (const delivery of deliveries) delivery.wake()
  }
  // Nobody else writes to an embedded database.
  const poll = database.exclusive ? undefined : setInterval(wake, pollMs).unref()
  const recordSeen = () => {
    const update = 'update peerpress.subscription set seen_at = now() where subscriber = any($1)'
    // A failure is made up for an hour later: subscriptions stay for 30 days.
    database.query(update, [[...subscribed]]).catch(() => undefined)
  }
  const seen = setInterval(recordSeen, seenMs).unref()
  const { transaction } = createEventTransactions(database, now, wake)

  const deliver = (cursor: Cursor, handler: EventHandler, name: string): Unsubscribe => {
    const onFailure = (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error)
      onNotice(`a domain event was not handled by ${name} and is tried again: ${reason}`)
    }
    const delivery = new Delivery({ sql: database, cursor, handler, onFailure })
    deliveries.add(delivery)
    delivery.wake()
    return async () => {
      deliveries.delete(delivery)
      await delivery.stop()
    }
  }

  return {
    transaction,
    append: (change) => transaction(async ({ emit }) => emit(change)),
    subscribe: async (subscriber, handler) => {
      const cursor = await openStoredCursor(database, { subscriber, node })
      subscribed.add(subscriber)
      const unsubscribe = deliver(cursor, handler, subscriber)
      return async () => {
        subscribed.delete(subscriber)
        await unsubscribe()
      }
    },
    follow: async (handler) => deliver(await openMemoryCursor(database), handler, 'this server'),
    subscribers: async () => {
      const rows = await database.query<Omit<SubscriberState, 'lastError'> & { last_error: string | null }>(
        `select subscriber, failures, last_error, (select count(*)::int from peerpress.domain_event event
           where event.position > subscription.position) as pending
         from peerpress.subscription order by subscriber`,
      )
      return rows.map(({ last_error: lastError, ...row }) => ({ ...row, lastError }))
    },
    prune: async () => {
      await database.query(`delete from peerpress.subscription where seen_at < now() - interval '30 days'`)
      await database.query(
        `delete from peerpress.domain_event where occurred_at < $1
           and position <= (select coalesce(min(position), (select max(position) from peerpress.outbox))
             from peerpress.subscription)`,
        [new Date(now() - handledMemory)],
      )
    },
    stop: async () => {
      clearInterval(poll)
      clearInterval(seen)
      const stopped = [...deliveries].map((delivery) => delivery.stop())
      deliveries.clear()
      await Promise.all(stopped)
    },
  }
}

/** How long handled events stay for servers that follow them, ms. */
const handledMemory = 24 * 3600 * 1000
