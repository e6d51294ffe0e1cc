import type { EventEmitter } from 'node:events'
import { answerQuestions } from '../child.ts'

/** What is used of bittorrent-tracker, which comes without types. */
interface BittorrentTracker extends EventEmitter {
  listen(port: number, host: string, listening: () => void): void
}
type Options = Readonly<Record<'udp' | 'http' | 'ws' | 'stats', boolean>>

const module = new URL('../rivals/node_modules/bittorrent-tracker/server.js', import.meta.url)
const { default: Server } = (await import(module.href)) as {
  default: new (options: Options) => BittorrentTracker
}

// HTTP for WebTorrent in Node, WebSocket for p2p-media-loader in browsers.
const tracker = new Server({ udp: false, http: true, ws: true, stats: false })
// It says so when a peer to be answered has left.
tracker.on('warning', () => undefined)

answerQuestions(async ({ host, port }: { readonly host: string; readonly port: number }) => {
  await new Promise<void>((resolve) => tracker.listen(port, host, resolve))
  return null
})
