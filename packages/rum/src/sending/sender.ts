import type { Beacon } from '@peerpress/wire'
import { attempt } from '../attempt.ts'
import { forgetBeacon, keepBeacon, keptBeacons } from './kept-beacons.ts'
import { toJson } from '@peerpress/wire/to-json'
import { dayMs } from '../within.ts'

/** Brings beacons to the server. Nothing of it throws. */
export interface Sender {
  /** Sends so that it outlives the page. `onLost` hears when it did not arrive, unless it was refused for good. */
  readonly send: (beacon: Beacon, onLost: () => void) => void
  /**
   * Leaves a beacon to the browser, which sends it when the page ends however it ends. Returns what takes it back: false
   * when it was sent already. Returns nothing where browsers cannot.
   */
  readonly sendLater: (beacon: Beacon) => (() => boolean) | undefined
  /** Sends what did not arrive from earlier pages, oldest first, until something fails. */
  readonly retry: () => void
}

type FetchLater = (url: string, options: RequestInit) => { readonly activated: boolean }

/** Bytes that requests which outlive a page may carry together, by the Fetch standard. */
const keepaliveBudget = 65_536

/** A sender to a server. `mayKeep`: whether the reader's browser may be asked to keep what did not arrive. */
export function createSender(server: string, mayKeep: () => boolean): Sender {
  const url = `${server}/v1/beacon`
  let inFlight = 0
  let quietUntil = 0
  let failing = false
  return {
    send(beacon, onLost) {
      // A browser that stores nothing, as in some private windows: the view's next snapshot takes its place.
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
      // Where nothing can be kept, nothing is owed.
      retry().catch(() => {})
    },
  }

  /** Sends, and keeps what did not arrive; when something does again, so may the rest. */
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
      // The age is until it is sent; a clock that was set back tells nothing.
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
      // Where fetch cannot outlive the page (Firefox before 133), sendBeacon can, but does not say what came of it.
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

/** ms that a `Retry-After` (seconds or a date) asks for, at most a day. */
export function retryAfter(header: string | null, now: number = Date.now()): number {
  const wait = /\D/.test(header ?? '') ? Date.parse(header ?? '') - now : Number(header) * 1000
  return Math.min(Math.max(wait || 0, 0), dayMs)
}
