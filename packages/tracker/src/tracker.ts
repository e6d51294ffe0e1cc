import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type AssetId, maxTrackerMessageLength } from '@peerpress/wire'
import { WebSocketServer } from 'ws'
import type { AcceptedProof } from './admission/accepted-proof.ts'
import { networkOf } from './admission/address-prefix.ts'
import { Bans } from './admission/bans.ts'
import { Connection } from './connection/connection.ts'
import { Credits, type Given } from './rooms/credits.ts'
import { EventCounts, type TrackerEvent } from './connection/event-counts.ts'
import { Exchanges } from './rooms/exchanges.ts'
import { type IceOptions, Handshake } from './connection/handshake.ts'
import type { LendingRecords } from './admission/lent.ts'
import { Networks } from './admission/networks.ts'
import { type PolicyReader, PolicyWatch } from './admission/policy-watch.ts'
import { ignoreErrors, refuseUpgrade, type UpgradeRefusal } from './connection/refuse-upgrade.ts'
import { Rooms } from './rooms/rooms.ts'
import { type TicketHolder, Tickets } from './admission/tickets.ts'

/** Time between pings, ms. A connection that has not answered the last one or has not joined by the next is closed. */
const pingIntervalMs = 30_000
/** Minimum time between two reports of failures, ms. */
const failureReportMs = 10_000
/** A third of the time in which connections must follow a policy that another server recorded, ms. */
const defaultPolicyCheckMs = 20_000

/** Settings and dependencies of a tracker. */
export interface TrackerOptions extends IceOptions {
  /** Secret that signs tickets, at least 32 bytes; the same on every server that issues or checks them. */
  readonly ticketKey: Uint8Array
  /** Maximum of peers in a room. Further ones are refused with `full`. @default 10_000 */
  readonly maxPeersPerRoom?: number
  /** Readers that must be in a room before they are introduced to each other. @default 2 */
  readonly minPeersPerRoom?: number
  /**
   * Maximum of concurrent connections from one network (IPv4 /24, IPv6 /48). Further ones are answered 429. The
   * network's other limits follow from it: new connections and checked signatures per second, and bytes of unfinished
   * messages.
   * @default 1000
   */
  readonly maxConnectionsPerNetwork?: number
  /** Returns the ISO country of an address: peers of one country meet first. @default always null */
  readonly countryOf?: (address: string) => string | null
  /**
   * Returns the SHA-256 of a chunk of a published asset, or null if it is unknown. An accusation of a wrong chunk is
   * checked against it. @default always null: no peer is banned
   */
  readonly chunkHash?: (asset: AssetId, index: number) => Promise<Uint8Array | null>
  /**
   * Returns the recorded policies of sites, without unregistered ones. Connections that they do not admit are closed
   * within `policyCheckMs`. @default connections are bound to no policy
   */
  readonly policies?: PolicyReader
  /** Time between two reads of the policies of open connections, ms. @default 20_000 */
  readonly policyCheckMs?: number
  /** Called once for each peer that a proof bans. A rejection is counted as a failure. @default nothing */
  readonly onProof?: (proof: AcceptedProof) => Promise<void>
  /** Where lent seeds and receipts for them are reported. A rejection is counted as a failure. @default nowhere */
  readonly lending?: LendingRecords
  /**
   * Called with an unexpected error of a dependency (`chunkHash`, `countryOf`, `policies`) or of the tracker itself, at
   * most once in 10 s. All errors are counted as `failed`. @default they are only counted
   */
  readonly onFailure?: (error: unknown) => void
  /** The time, ms since the Unix epoch. @default Date.now */
  readonly now?: () => number
}

/** Introduces the readers of a post to each other, and relays the signals by which they connect. */
export interface Tracker {
  /**
   * Issues a ticket: for two minutes a reader's network may join the swarm of a post.
   * @throws {TrackerError} `bad-address`
   */
  issueTicket(holder: TicketHolder): Promise<string>
  /** Handles an HTTP upgrade request from a reader at `address`. Refusals are answered on the socket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, address: string): void
  /**
   * Closes the connections that the policies of their sites no longer admit, now instead of at the next check. Never
   * rejects.
   */
  enforcePolicies(): Promise<void>
  /** Returns the counts of events since the start, refusals by reason included. */
  counts(): Readonly<Record<TrackerEvent, number>>
  /**
   * Returns the bytes that receivers signed for since the start, and how evenly readers give; null if no reader gave.
   */
  given(): Given & { readonly fairness: number | null }
  /**
   * Refuses newcomers (503), closes every connection with code 1001 (going away) and resolves when all are closed. A
   * connection whose peer does not answer is cut off after 2 s.
   */
  close(): Promise<void>
}

/** Creates a tracker without a port of its own, which handles upgrade requests of an HTTP server. */
export function createTracker(options: TrackerOptions): Tracker {
  const { ticketKey, maxPeersPerRoom, minPeersPerRoom, now = Date.now } = options
  const { maxConnectionsPerNetwork = 1000, countryOf = () => null, chunkHash = async () => null } = options
  const { onProof = () => Promise.resolve() } = options
  const { lending = null } = options
  const tickets = new Tickets(ticketKey, now)
  const counts = new EventCounts()
  const fail = failureCounter(options, counts)
  // If all connections go through TURN, no peer learns an address.
  const exchanges = new Exchanges({ now, ...(options.relayOnly ? { maxAddresses: Infinity } : {}) })
  const bans = new Bans(now)
  const rooms = new Rooms({
    random: Math.random,
    exchanges,
    bans,
    now,
    ...(maxPeersPerRoom === undefined ? {} : { maxPeersPerRoom }),
    ...(minPeersPerRoom === undefined ? {} : { minPeersPerRoom }),
  })
  const credits = new Credits(now)
  const handshake = new Handshake(options, { rooms, bans, credits, counts, lending, fail })
  const policies = options.policies === undefined ? null : new PolicyWatch(options.policies, handshake, fail)
  const context = { tickets, handshake, policies, counts, now, countryOf, chunkHash, onProof, fail }
  const connections = new Set<Connection>()
  const networks = new Networks(maxConnectionsPerNetwork)
  const sockets = new WebSocketServer(socketOptions)
  let closing = false
  sockets.on('wsClientError', (_error, socket, request) => {
    counts.add('bad-upgrade')
    refuseUpgrade(socket, handshakeRefusal(request))
  })
  const liveness = setInterval(() => {
    try {
      for (const connection of connections) connection.checkLiveness()
      networks.prune(now())
      exchanges.prune()
    } catch (error) {
      fail(error)
    }
  }, pingIntervalMs)
  liveness.unref()
  const policyCheck = setInterval(() => {
    policies?.enforce().catch(fail)
  }, options.policyCheckMs ?? defaultPolicyCheckMs)
  policyCheck.unref()

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer, address: string): void => {
    ignoreErrors(socket)
    if (socket.destroyed) return
    if (closing) {
      refuseUpgrade(socket, { status: 503, headers: { 'Retry-After': '10' } })
      return
    }
    const account = networks.connect(networkOf(address), now())
    if (typeof account === 'string') {
      counts.add(account)
      refuseUpgrade(socket, { status: 429, headers: { 'Retry-After': '60' } })
      return
    }
    socket.once('close', () => account.disconnect())
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const connection = new Connection(webSocket, { stream: socket, address, account }, context)
      connections.add(connection)
      webSocket.once('close', () => connections.delete(connection))
    })
  }

  return {
    issueTicket: (holder) => tickets.issue(holder),
    upgrade(request, socket, head, address) {
      try {
        upgrade(request, socket, head, address)
      } catch (error) {
        fail(error)
        socket.destroy()
      }
    },
    enforcePolicies: async () => policies?.enforce(),
    counts: () => counts.snapshot(),
    given: () => ({ ...credits.given, fairness: credits.fairness }),
    async close() {
      closing = true
      clearInterval(liveness)
      clearInterval(policyCheck)
      handshake.close()
      const closed = new Promise<void>((resolve) => sockets.close(() => resolve()))
      for (const connection of connections) connection.goAway()
      await closed
    },
  }
}

/** The library reports the reason only as text, so the method decides. */
function handshakeRefusal({ method }: IncomingMessage): UpgradeRefusal {
  if (method !== 'GET') return { status: 405, headers: { Allow: 'GET' } }
  return { status: 400, headers: { 'Sec-WebSocket-Version': '13' } }
}

/** Returns a function that counts failures, and reports them at intervals. */
function failureCounter({ onFailure, now = Date.now }: TrackerOptions, counts: EventCounts) {
  let reportedAt = -Infinity
  return (error: unknown): void => {
    counts.add('failed')
    if (onFailure === undefined || now() - reportedAt < failureReportMs) return
    reportedAt = now()
    try {
      onFailure(error)
    } catch {
      // A failure of the report itself cannot be reported.
    }
  }
}

const socketOptions = {
  noServer: true,
  maxPayload: maxTrackerMessageLength,
  // Browsers send a message of this size as one frame.
  maxFragments: 16,
  // Pieces in which a frame may arrive. Its 16 KiB take 31 IPv4 segments of minimum size (RFC 879).
  maxBufferedChunks: 64,
  // Messages are small and few. A compressor would be most of a connection's memory.
  perMessageDeflate: false,
  // Time until a peer that does not answer a close is cut off, ms. The library's type declarations lack it.
  closeTimeout: 2000,
}
