import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { answerQuestions } from '../child.ts'
import { percentile } from '../median.ts'
import { beaconRequests } from './beacons.ts'

/** What a server is to be loaded with. */
export interface Load {
  readonly port: number
  readonly site: string
  readonly connections: number
  readonly seconds: number
  /** Requests per second; null: each connection sends the next as soon as the last is answered. */
  readonly rate: number | null
}

/** What came of it. */
export interface LoadResult {
  /** Answered 204, per second. */
  readonly rate: number
  /** 99th percentile of the time from when a request was due to its answer, ms. */
  readonly p99: number
}

answerQuestions(loadServer)

async function loadServer({ port, site, connections, seconds, rate }: Load): Promise<LoadResult> {
  const requests = beaconRequests(site, 10_000)
  const times: number[] = []
  /** When requests were due that no connection was free for. */
  const late: number[] = []
  let sent = 0
  const start = performance.now()
  const end = start + seconds * 1000

  const lines = await Promise.all(
    Array.from({ length: connections }, async () => {
      const line = new Line(connect(port, '127.0.0.1'))
      await once(line.socket, 'connect')
      return line
    }),
  )
  const idle: Line[] = [...lines]
  const send = (line: Line, due: number) => {
    const request = requests[sent++ % requests.length] as Buffer
    line.send(request, () => {
      const now = performance.now()
      if (now <= end) times.push(now - due)
      if (now >= end) idle.push(line)
      else if (rate === null) send(line, now)
      else {
        const next = late.shift()
        if (next === undefined) idle.push(line)
        else send(line, next)
      }
    })
  }

  if (rate === null) for (const line of idle.splice(0)) send(line, performance.now())
  else await pace()
  while (performance.now() < end || idle.length < connections) await nextTick()
  for (const { socket } of lines) socket.destroy()
  return { rate: times.length / seconds, p99: percentile(times, 0.99) }

  /** Due times come evenly whatever the server does, so that a stall counts for all who would have come meanwhile. */
  async function pace(): Promise<void> {
    let due = performance.now()
    while (due < end) {
      for (const now = performance.now(); due <= now; due += 1000 / (rate ?? 1)) {
        // In turns: a server closes a connection that says nothing for seconds.
        const line = idle.shift()
        if (line === undefined) late.push(due)
        else send(line, due)
      }
      await nextTick()
    }
  }
}

const taken = 'HTTP/1.1 204 '

/** A connection with one request on its way at most. Knows of HTTP only what an answer without a body needs. */
class Line {
  readonly socket: Socket
  #received = ''
  #done: () => void = () => {}

  constructor(socket: Socket) {
    this.socket = socket
    socket.setNoDelay(true)
    socket.on('end', () => {
      throw new Error('the server closed a connection')
    })
    socket.on('data', (part) => {
      this.#received += part.toString('latin1')
      const isWhole = this.#received.endsWith('\r\n\r\n')
      if (!isWhole && this.#received.length < taken.length) return
      if (!this.#received.startsWith(taken)) throw new Error(this.#received)
      if (!isWhole) return
      this.#received = ''
      this.#done()
    })
  }

  send(request: Buffer, done: () => void): void {
    this.#done = done
    this.socket.write(request)
  }
}

function nextTick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1))
}
