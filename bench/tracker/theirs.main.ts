import type { EventEmitter } from 'node:events'
import type { AddressInfo } from 'node:net'
import { answerQuestions } from '../child.ts'
import { usage } from '../usage.ts'

/** What is used of bittorrent-tracker, which comes without types. */
interface BittorrentTracker extends EventEmitter {
  readonly http: { address(): AddressInfo }
  listen(port: number, host: string, listening: () => void): void
}
type Options = Readonly<Record<'udp' | 'http' | 'ws' | 'stats', boolean>>

const module = new URL('../rivals/node_modules/bittorrent-tracker/server.js', import.meta.url)
const { default: Server } = (await import(module.href)) as {
  default: new (options: Options) => BittorrentTracker
}
const tracker = new Server({ udp: false, http: false, ws: true, stats: false })
// It says so when a peer to be answered has left.
tracker.on('warning', () => undefined)
await new Promise<void>((resolve) => tracker.listen(0, '127.0.0.1', resolve))

answerQuestions(async ({ rooms }: { readonly rooms?: readonly string[] }) =>
  rooms === undefined ? usage() : { port: tracker.http.address().port, rooms },
)
