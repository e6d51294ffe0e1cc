import type { Beacon } from '@peerpress/wire'
import { attempt } from '../attempt.ts'
import { forgetBeacon, keepBeacon, keptBeacons } from './kept-beacons.ts'
import { toJson } from '@peerpress/wire/to-json'
import { dayMs } from '../within.ts'

/** Sends beacons to the server. Its methods never throw. */
export interface Sender {
  /**
   * Sends a beacon so that the request outlives the page. `onLost` is called if it was not delivered, unless the server
   * refused it permanently.
   */
  readonly send: (beacon: Beacon, onLost: () => void) => void
  /**
   * Hands a beacon to the browser, which sends it however the page ends. Returns a function that cancels it, and that
   * returns false if the beacon was already sent. Returns undefined if the browser does not support this.
   */
  readonly sendLater: (beacon: Beacon) => (() => boolean) | undefined
  /** Sends undelivered beacons of earlier pages, oldest first, until one fails. */
  readonly retry: () => void
}

type FetchLater = (url: string, options: RequestInit) => { readonly activated: boolean }

/** Total bytes of simultaneous requests that may outlive a page, according to the Fetch standard. */
const keepaliveBudget = 65_536

/** Creates a sender to a server. `mayKeep` returns whether the browser may store undelivered beacons. */
export function createSender(server: string, mayKeep: () => boolean): Sender {
  const url = `${server}/v1/beacon`
  let inFlight = 0
  let quietUntil = 0
  let failing = false
  return {
    send(beacon, onLost) {
      // If the browser cannot store the beacon, as in some private windows, the view's next snapshot replaces it.
      settle(beacon, onLost).catch(() => {})
    },
    sendLater: (beacon) =>
      attempt(() => {
        const { fetchLater } = window as unknown as { readonly fetchLater: FetchLater }
        const taken = new AbortController()
        const later = fetchLater(url, { ...request(toJson(beacon)), signal: taken.signal })
        return () => {
          taken.abort()
          return !later.activated
        }
      }),
    retry() {
      // If nothing can be stored, there is nothing to send.
      retry().catch(() => {})
    },
  }

  /** Sends a beacon, and stores it if it was not delivered. After the first success, it sends the stored ones. */
  async function settle(beacon: Beacon, onLost: () => void): Promise<void> {
    if (!(await post(beacon))) {
      onLost()
      failing = true
      if (mayKeep()) await keepBeacon({ beacon, at: Date.now(), until: quietUntil })
    } else if (failing) {
      failing = false
      await forgetBeacon(beacon)
      await retry()
    }
  }

  async function retry(): Promise<void> {
    for (const { beacon, at, until } of mayKeep() ? await keptBeacons() : []) {
      const late = Date.now() - at
      quietUntil = Math.max(quietUntil, until)
      // The age runs until the beacon is sent. A clock that was set back makes it unknown.
      const gone = late < 0 || late > dayMs
      if (!gone && !(await post({ ...beacon, age: beacon.age + late }))) return
      await forgetBeacon(beacon)
    }
  }

  async function post(beacon: Beacon): Promise<boolean> {
    const body = toJson(beacon)
    const size = new Blob([body]).size
    inFlight += size
    try {
      if (Date.now() < quietUntil) return false
      // If fetch cannot outlive the page (Firefox before 133), sendBeacon can, but it does not report the response.
      if (!('keepalive' in Request.prototype) || !window.fetch) return navigator.sendBeacon(url, body)
      const keepalive = inFlight <= keepaliveBudget
      const { status, headers } = await fetch(url, { ...request(body), keepalive })
      if (status !== 429 && status < 500) return true
      quietUntil = Date.now() + retryAfter(headers.get('Retry-After'))
    } catch {
    } finally {
      inFlight -= size
    }
    return false
  }
}

/** A string body is `text/plain`, which needs no preflight. */
function request(body: string): RequestInit {
  return { method: 'POST', body, credentials: 'omit' }
}

/** Returns the wait that a `Retry-After` header (seconds or a date) requests, ms, at most a day. */
export function retryAfter(header: string | null, now: number = Date.now()): number {
  const wait = /\D/.test(header ?? '') ? Date.parse(header ?? '') - now : Number(header) * 1000
  return Math.min(Math.max(wait || 0, 0), dayMs)
}
