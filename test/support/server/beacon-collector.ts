import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Beacon, decodeBeacon } from '@peerpress/wire'
import { answering } from './answering.ts'

/** A collector that keeps what it is sent, on an origin of its own. */
export interface BeaconCollector {
  readonly origin: string
  /** Every request to the beacon endpoint, in the order of arrival; what is no beacon makes `received` throw. */
  readonly requests: readonly BeaconRequest[]
  /** What it answers from now on, and when it says that it wants to hear again. @default 204 */
  answer(status: number, retryAfter?: string): void
  /** Stops to accept connections, or accepts them again on the same port. */
  reachable(yes: boolean): Promise<void>
  /** The first beacon, from now or before, that matches. Throws when none comes within 15 s. */
  received(what: string, matches: (beacon: Beacon) => boolean): Promise<Beacon>
  close(): Promise<void>
}

export interface BeaconRequest {
  readonly body: string
  readonly headers: NodeJS.Dict<string | string[]>
  readonly answered: number
}

const patience = 15_000

/** Starts a collector that also serves the SDK at `/v1/rum.js`. */
export async function startBeaconCollector(sdk: Buffer): Promise<BeaconCollector> {
  const requests: BeaconRequest[] = []
  const waiting = new Set<() => void>()
  let status = 204
  let retryAfter: string | undefined
  const receive = answering(async (request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*')
    if (request.url === '/v1/rum.js') {
      response.setHeader('Content-Type', 'text/javascript').end(sdk)
      return
    }
    const parts: Buffer[] | null = await request.toArray().catch(() => null)
    // A page that was closed while it sent has sent nothing.
    if (!parts) return
    const body = Buffer.concat(parts).toString()
    requests.push({ body, headers: request.headers, answered: status })
    if (retryAfter !== undefined) {
      response.setHeader('Retry-After', retryAfter).setHeader('Access-Control-Expose-Headers', 'Retry-After')
    }
    response.writeHead(status).end()
    for (const look of waiting) look()
  })
  const server = createServer(receive)
  await listen(0)
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    answer(next, later) {
      status = next
      retryAfter = later
    },
    reachable: (yes) => (yes ? listen(port) : stop()),
    received(what, matches) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look)
          const bodies = requests.map(({ body }) => body).join('\n')
          reject(new Error(`no beacon came with ${what}; these came:\n${bodies}`))
        }, patience)
        const look = (): void => {
          try {
            const beacon = requests.map(({ body }) => decodeBeacon(body)).find(matches)
            if (!beacon) return
            resolve(beacon)
          } catch (error) {
            reject(error)
          }
          clearTimeout(timer)
          waiting.delete(look)
        }
        waiting.add(look)
        look()
      })
    },
    close: () => (server.listening ? stop() : Promise.resolve()),
  }

  function listen(at: number): Promise<void> {
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(at, '127.0.0.1', resolve)
    })
  }

  function stop(): Promise<void> {
    return new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  }
}
