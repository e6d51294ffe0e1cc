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
import { Networks } from './admission/networks.ts'
import { type PolicyReader, PolicyWatch } from './admission/policy-watch.ts'
import { ignoreErrors, refuseUpgrade, type UpgradeRefusal } from './connection/refuse-upgrade.ts'
import { Rooms } from './rooms/rooms.ts'
import { type TicketHolder, Tickets } from './admission/tickets.ts'

/** Who did not answer a ping until the next one, or has not joined by then, is closed. */
const pingIntervalMs = 30_000
const failureReportMs = 10_000
/** A third of the time in which lines must follow a policy that another server recorded. */
const defaultPolicyCheckMs = 20_000

/** What a tracker is made with. */
export interface TrackerOptions extends IceOptions {
  /** Secret that tickets are signed with, at least 32 bytes; the same on every server that issues or takes them. */
  readonly ticketKey: Uint8Array
  /** A peer more is refused with `full`. @default 10_000 */
  readonly maxPeersPerRoom?: number
  /** Peers that must be in a room before any is introduced to another. @default 2 */
  readonly minPeersPerRoom?: number
  /**
   * Connections from one network (IPv4 /24, IPv6 /48) at a time; one more is answered 429. The other limits of a network
   * follow from it: new connections and checked signatures per second, and bytes of unfinished messages. @default 1000
   */
  readonly maxConnectionsPerNetwork?: number
  /** The ISO country of an address: peers of one country meet first. @default none is known */
  readonly countryOf?: (address: string) => string | null
  /**
   * The SHA-256 that a chunk of a published asset must have; null when it is not known. Needed to tell whether a peer
   * that is accused of a wrong chunk lied. @default none is known: nobody is banned
   */
  readonly chunkHash?: (asset: AssetId, index: number) => Promise<Uint8Array | null>
  /**
   * The recorded policies of sites, without those that are not registered. Lines that they do not admit are closed within
   * `policyCheckMs`. @default lines are held to no policy
   */
  readonly policies?: PolicyReader
  /** How often the policies of open lines are read, ms. @default 20_000 */
  readonly policyCheckMs?: number
  /** Called once for each peer that a proof bans. A rejection is counted as a failure. @default nothing */
  readonly onProof?: (proof: AcceptedProof) => Promise<void>
  /**
   * Called with an unexpected error of a dependency (`chunkHash`, `countryOf`, `policies`) or of the tracker itself, at most once in
   * 10 s. All of them are counted (`failed`). @default they are only counted
   */
  readonly onFailure?: (error: unknown) => void
  /** The time, ms since the Unix epoch. @default Date.now */
  readonly now?: () => number
}

/** Introduces the readers of a post to each other, and passes on what they need to connect. */
export interface Tracker {
  /**
   * Permission for a reader's network to join the swarm of a post, for two minutes.
   * @throws {TrackerError} `bad-address`
   */
  issueTicket(holder: TicketHolder): Promise<string>
  /** Takes over an HTTP upgrade request from a reader at `address`: every outcome is answered on the socket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, address: string): void
  /** Closes the lines that the policies of their sites do not admit any more, now instead of soon. Never rejects. */
  enforcePolicies(): Promise<void>
  /** Events since the start: what went well, and refusals by reason. */
  counts(): Readonly<Record<TrackerEvent, number>>
  /** Bytes that takers signed for since the start, and how evenly readers give; null while nobody gave. */
  given(): Given & { readonly fairness: number | null }
  /**
   * Refuses newcomers (503), tells every peer that the tracker goes away (close code 1001) and resolves when all
   * connections are closed; one that does not answer is cut off after 2 s.
   */
  close(): Promise<void>
}

/** A tracker without a port of its own: hand it the upgrade requests of an HTTP server. */
export function createTracker(options: TrackerOptions): Tracker {
  const { ticketKey, maxPeersPerRoom, minPeersPerRoom, now = Date.now } = options
  const { maxConnectionsPerNetwork = 1000, countryOf = () => null, chunkHash = async () => null } = options
  const { onProof = () => Promise.resolve() } = options
  const tickets = new Tickets(ticketKey, now)
  const counts = new EventCounts()
  const fail = failureCounter(options, counts)
  // Where all connections go through TURN no peer learns an address.
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
  const handshake = new Handshake(options, { rooms, bans, credits, counts })
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

/** The library has checked what is wrong, and tells it in words alone. */
function handshakeRefusal({ method }: IncomingMessage): UpgradeRefusal {
  if (method !== 'GET') return { status: 405, headers: { Allow: 'GET' } }
  return { status: 400, headers: { 'Sec-WebSocket-Version': '13' } }
}

/** Counts failures, and reports one now and then. */
function failureCounter({ onFailure, now = Date.now }: TrackerOptions, counts: EventCounts) {
  let reportedAt = -Infinity
  return (error: unknown): void => {
    counts.add('failed')
    if (onFailure === undefined || now() - reportedAt < failureReportMs) return
    reportedAt = now()
    try {
      onFailure(error)
    } catch {
      // Where failures are reported, a failure cannot be.
    }
  }
}

const socketOptions = {
  noServer: true,
  maxPayload: maxTrackerMessageLength,
  // Browsers send a message of this size as one frame.
  maxFragments: 16,
  // Pieces in which a frame may arrive: its 16 KiB take 31 of the smallest IPv4 segments (RFC 879).
  maxBufferedChunks: 64,
  // Messages are small and few; a compressor would cost each connection more memory than all else.
  perMessageDeflate: false,
  // ms until a peer that does not answer a close is cut off. Newer than the library's type declarations.
  closeTimeout: 2000,
}
