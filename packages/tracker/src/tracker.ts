import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type IceServer, maxTrackerMessageLength } from '@peerpress/wire'
import { WebSocketServer } from 'ws'
import { Connection } from './connection.ts'
import { EventCounts, type TrackerEvent } from './event-counts.ts'
import { Lobby } from './lobby.ts'
import { Rooms } from './rooms.ts'
import { type TicketHolder, Tickets } from './tickets.ts'

/** Who did not answer a ping until the next one, or has not joined by then, is closed. */
const pingIntervalMs = 30_000

/** What a tracker is made with. */
export interface TrackerOptions {
  /** Secret that tickets are signed with, at least 32 bytes; the same on every server that issues or takes them. */
  readonly ticketKey: Uint8Array
  /** STUN and TURN servers that peers are told to use. */
  readonly iceServers: readonly IceServer[]
  /** A peer more is refused with `full`. @default 10_000 */
  readonly maxPeersPerRoom?: number
  /** Peers that must be in a room before any is introduced to another. @default 2 */
  readonly minPeersPerRoom?: number
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
  /**
   * Refuses newcomers (503), tells every peer that the tracker goes away (close code 1001) and resolves when all
   * connections are closed; one that does not answer is cut off after 2 s.
   */
  close(): Promise<void>
}

/** A tracker without a port of its own: hand it the upgrade requests of an HTTP server. */
export function createTracker(options: TrackerOptions): Tracker {
  const { ticketKey, iceServers, maxPeersPerRoom, minPeersPerRoom, now = Date.now } = options
  const tickets = new Tickets(ticketKey, now)
  const counts = new EventCounts()
  const rooms = new Rooms({
    random: Math.random,
    ...(maxPeersPerRoom === undefined ? {} : { maxPeersPerRoom }),
    ...(minPeersPerRoom === undefined ? {} : { minPeersPerRoom }),
  })
  const lobby = new Lobby(rooms, counts, iceServers)
  const context = { tickets, lobby, counts, now }
  const connections = new Set<Connection>()
  const sockets = new WebSocketServer(socketOptions)
  const liveness = setInterval(() => {
    for (const connection of connections) connection.checkLiveness()
  }, pingIntervalMs)
  liveness.unref()

  return {
    issueTicket: (holder) => tickets.issue(holder),
    upgrade(request, socket, head, address) {
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        const connection = new Connection(webSocket, address, context)
        connections.add(connection)
        webSocket.once('close', () => connections.delete(connection))
      })
    },
    counts: () => counts.snapshot(),
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
