import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:http'
import type { TrackerClientMessage, TrackerServerMessage } from '@peerpress/wire'
import { type WebSocket, WebSocketServer } from 'ws'

/** A tracker of one swarm: introduces each newcomer to all others. It checks nothing, and records what peers send. */
export class TestTracker {
  readonly received: TrackerClientMessage[] = []
  readonly #lines = new Map<string, WebSocket>()
  readonly #http: Server
  readonly #sockets: WebSocketServer

  private constructor(http: Server) {
    this.#http = http
    this.#sockets = new WebSocketServer({ server: http, path: '/v1/tracker' })
    this.#sockets.on('connection', (socket) => this.#connect(socket))
  }

  static async start(): Promise<TestTracker> {
    const http = createServer()
    const tracker = new TestTracker(http)
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    return tracker
  }

  /** Origin of the server. */
  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`
  }

  close(): void {
    for (const socket of this.#sockets.clients) socket.terminate()
    this.#sockets.close()
    this.#http.close()
  }

  /** Sends a message to all peers. */
  sendAll(message: TrackerServerMessage): void {
    for (const line of this.#lines.values()) line.send(JSON.stringify(message))
  }

  #connect(socket: WebSocket): void {
    let id = ''
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as TrackerClientMessage
      this.received.push(message)
      if (message.type === 'join') {
        id = message.peer
        this.#welcome(id, socket)
      } else if (message.type === 'signal') {
        const { to, signal } = message
        this.#lines.get(to)?.send(JSON.stringify({ type: 'signal', from: id, signal }))
      }
    })
    socket.on('close', () => this.#lines.delete(id))
  }

  #welcome(id: string, socket: WebSocket): void {
    const peers = this.#lines.size + 1
    const send = (to: WebSocket, message: TrackerServerMessage): void => to.send(JSON.stringify(message))
    send(socket, { type: 'welcome', iceServers: [] })
    send(socket, { type: 'swarm', peers })
    for (const [other, line] of this.#lines) {
      send(line, { type: 'introduce', peer: id, role: 'answer' })
      send(socket, { type: 'introduce', peer: other, role: 'offer', seed: true })
    }
    this.#lines.set(id, socket)
  }
}
