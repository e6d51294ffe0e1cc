import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type AssetId, maxTrackerMessageLength } from '@peerpress/wire'
import { WebSocketServer } from 'ws'
import { networkOf } from './address-prefix.ts'
import { Bans } from './bans.ts'
import { Connection } from './connection.ts'
import { Credits, type Given } from './credits.ts'
import { EventCounts, type TrackerEvent } from './event-counts.ts'
import { type IceOptions, Lobby } from './lobby.ts'
import { Rooms } from './rooms.ts'
import { type TicketHolder, Tickets } from './tickets.ts'

/** Who did not answer a ping until the next one, or has not joined by then, is closed. */
const pingIntervalMs = 30_000

/** What a tracker is made with. */
export interface TrackerOptions extends IceOptions {
  /** Secret that tickets are signed with, at least 32 bytes; the same on every server that issues or takes them. */
  readonly ticketKey: Uint8Array
  /** A peer more is refused with `full`. @default 10_000 */
  readonly maxPeersPerRoom?: number
  /** Peers that must be in a room before any is introduced to another. @default 2 */
  readonly minPeersPerRoom?: number
  /**
   * Connections from one network (IPv4 /24, IPv6 /48) at a time; one more is answered 429. Bounds what one house, or one
   * carrier's NAT, can take of the tracker. @default 1000
   */
  readonly maxConnectionsPerNetwork?: number
  /** The ISO country of an address: peers of one country meet first. @default none is known */
  readonly countryOf?: (address: string) => string | null
  /**
   * The SHA-256 that a chunk of a published asset must have; null when it is not known. Needed to tell whether a peer
   * that is accused of a wrong chunk lied. @default none is known: nobody is banned
   */
  readonly chunkHash?: (asset: AssetId, index: number) => Promise<Uint8Array | null>
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
  const tickets = new Tickets(ticketKey, now)
  const counts = new EventCounts()
  const rooms = new Rooms({
    random: Math.random,
    ...(maxPeersPerRoom === undefined ? {} : { maxPeersPerRoom }),
    ...(minPeersPerRoom === undefined ? {} : { minPeersPerRoom }),
  })
  const credits = new Credits(now)
  const lobby = new Lobby(options, { rooms, bans: new Bans(now), credits, counts })
  const context = { tickets, lobby, counts, now, countryOf, chunkHash }
  const connections = new Set<Connection>()
  const perNetwork = new Map<string, number>()
  const sockets = new WebSocketServer(socketOptions)
  const liveness = setInterval(() => {
    for (const connection of connections) connection.checkLiveness()
  }, pingIntervalMs)
  liveness.unref()

  return {
    issueTicket: (holder) => tickets.issue(holder),
    upgrade(request, socket, head, address) {
      const network = networkOf(address)
      const others = perNetwork.get(network) ?? 0
      if (others >= maxConnectionsPerNetwork) {
        counts.add('network-full')
        socket.end('HTTP/1.1 429 Too Many Requests\r\nRetry-After: 60\r\nConnection: close\r\n\r\n')
        return
      }
      perNetwork.set(network, others + 1)
      socket.once('close', () => {
        const left = (perNetwork.get(network) ?? 0) - 1
        if (left > 0) perNetwork.set(network, left)
        else perNetwork.delete(network)
      })
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        const connection = new Connection(webSocket, { stream: socket, address }, context)
        connections.add(connection)
        webSocket.once('close', () => connections.delete(connection))
      })
    },
    counts: () => counts.snapshot(),
    given: () => ({ ...credits.given, fairness: credits.fairness }),
    async close() {
      clearInterval(liveness)
      lobby.close()
      const closed = new Promise<void>((resolve) => sockets.close(() => resolve()))
      for (const connection of connections) connection.goAway()
      await closed
    },
  }
}

const socketOptions = {
  noServer: true,
  maxPayload: maxTrackerMessageLength,
  // Messages are small and few; a compressor would cost each connection more memory than all else.
  perMessageDeflate: false,
  // ms until a peer that does not answer a close is cut off. Newer than the library's type declarations.
  closeTimeout: 2000,
}
