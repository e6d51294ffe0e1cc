import { performance } from 'node:perf_hooks'
import { WebSocket } from 'ws'
import { answerQuestions } from '../child.ts'
import { askedAtOnce, ourPeer, type Peer, theirPeer } from './peers.ts'

/** Tells the client to open connections, to let all of them ask, or to close them. */
export type Order =
  | {
      readonly open: number
      readonly port: number
      readonly dialect: 'ours' | 'theirs'
      /** What to join a room with, for each room; peers are spread evenly. */
      readonly rooms: readonly string[]
    }
  | { readonly rounds: number }
  | { readonly close: true }

/** What came of it. */
export interface Done {
  /** ms */
  readonly time: number
  /** Messages that came from the tracker. */
  readonly heard: number
  /** Answers of other peers among them: introductions from end to end. */
  readonly answered: number
  /** Connections that are open. */
  readonly open: number
}

/** Handshakes that are under way at once, at most. */
const maxOpening = 200

let sockets: { readonly socket: WebSocket; readonly peer: Peer }[] = []
let heard = 0
let answered = 0
let onAnswered: () => void = () => {}

answerQuestions(async (order: Order): Promise<Done> => {
  const start = performance.now()
  const before = { heard, answered }
  if ('open' in order) await open(order)
  else if ('rounds' in order) await ask(order.rounds)
  else await close()
  const isOpen = sockets.filter(({ socket }) => socket.readyState === WebSocket.OPEN).length
  const time = performance.now() - start
  return { time, heard: heard - before.heard, answered: answered - before.answered, open: isOpen }
})

async function open({ open: count, port, dialect, rooms }: Extract<Order, { readonly open: number }>) {
  let next = 0
  const openInTurn = async () => {
    while (next < count) {
      const index = next++
      const room = rooms[index % rooms.length] ?? ''
      const peer = dialect === 'ours' ? ourPeer(room) : theirPeer(room, index)
      sockets.push({ peer, socket: await openOne(peer, port) })
    }
  }
  await Promise.all(Array.from({ length: maxOpening }, openInTurn))
}

/** Resolves when the tracker has let it in. */
async function openOne(peer: Peer, port: number): Promise<WebSocket> {
  const join = await peer.join()
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`, {
      perMessageDeflate: false,
      // A mask of zeros need not be applied: the client shares the processors with the tracker.
      generateMask: (mask) => mask.fill(0),
    })
    socket.once('open', () => socket.send(join))
    socket.once('error', reject)
    socket.on('message', (data: Buffer) => {
      heard++
      const outcome = peer.hear(data.toString(), (text) => socket.send(text))
      if (outcome === 'joined') resolve(socket)
      if (outcome === 'answered') {
        answered++
        onAnswered()
      }
    })
  })
}

/** All ask at once; the next round begins when every introduction of the last one was answered. */
async function ask(rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const wanted = answered + sockets.length * askedAtOnce
    const done = Promise.withResolvers<void>()
    onAnswered = () => answered >= wanted && done.resolve()
    for (const { socket, peer } of sockets) socket.send(peer.ask())
    await done.promise
  }
}

async function close(): Promise<void> {
  const closed = sockets.map(({ socket }) => new Promise((resolve) => socket.once('close', resolve)))
  for (const { socket } of sockets) socket.terminate()
  await Promise.all(closed)
  sockets = []
}
