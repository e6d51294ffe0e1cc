import type { EventEmitter } from 'node:events'
import { registerHooks } from 'node:module'
import { torrentPath } from '../post.ts'
import { beReader } from './reader-process.ts'

/** What is used of WebTorrent, which comes without types. */
interface Client extends EventEmitter {
  add(torrent: Buffer, options: Readonly<Record<string, unknown>>): EventEmitter
}
type Options = Readonly<Record<string, boolean>>

// WebRTC's binary comes by an install script, which no rival may run: the seed's stands in. Nothing uses it here.
registerHooks({
  resolve: (name, context, next) =>
    name === 'node-datachannel' || name.startsWith('node-datachannel/')
      ? next(name, { ...context, parentURL: import.meta.resolve('@peerpress/seed') })
      : next(name, context),
})
const rivals = new URL('../../rivals/node_modules/', import.meta.url)
const { default: WebTorrent } = (await import(new URL('webtorrent/index.js', rivals).href)) as {
  default: new (options: Options) => Client
}
const { default: store } = (await import(new URL('memory-chunk-store/index.js', rivals).href)) as {
  default: unknown
}

let client: Client

// Node's own connections are WebTorrent at its fastest: no WebRTC, and no search for peers that are not here.
beReader({
  async prepare() {
    client = new WebTorrent({ dht: false, lsd: false, natUpnp: false, natPmp: false, utp: false })
    client.on('error', (error) => console.error(error))
  },
  async read({ page }) {
    const torrent = Buffer.from(await (await fetch(new URL(torrentPath, page))).arrayBuffer())
    await new Promise((resolve) => client.add(torrent, { store }).once('done', resolve))
  },
})
