import { type Child, startChild } from '../child.ts'
import { type CrowdNetwork, openCrowdNetwork, type Rates } from './network.ts'
import { originPort, postId, type PostSize, torrentTrackerPort } from './post.ts'
import type { Connected } from './server.main.ts'

/** A site on its own link, connected to a PeerPress server, and hosts for its readers. */
export interface Rig {
  readonly network: CrowdNetwork
  readonly origin: Child
  readonly page: string
  close(): Promise<void>
}

/** Everything but the readers. */
export async function openRig(readers: number, rates: Rates, post: PostSize): Promise<Rig> {
  const network = openCrowdNetwork(readers, rates)
  const { within, address: host } = network.origin
  const origin = startChild(new URL('origin.main.ts', import.meta.url), [], within)
  const server = startChild(new URL('server.main.ts', import.meta.url), [], network.server.within)
  const page = `http://${host}:${originPort}/`
  const tracker = startChild(new URL('torrent-tracker.main.ts', import.meta.url), [], network.server.within)
  const close = async () => {
    await Promise.all([origin.end(), server.end(), tracker.end()])
    network.close()
  }
  try {
    await origin.ask({ serve: { host, post } })
    const start = { host: network.server.address, site: page }
    const { worker, ...site } = await server.ask<Connected>({ start })
    const config = {
      ...site,
      post: postId,
      mode: 'full',
      consent: 'assumed',
      control: 0,
      worker: '/worker.js',
      scripts: { rum: `${site.server}/v1/rum.js`, swarm: `${site.server}/v1/swarm.js` },
    } as const
    const assistance = { config, loader: `${site.server}/v1/visitor.js` }
    await origin.ask({ connect: { assistance, worker } })
    await server.ask({ publish: { page, media: post.pictures + 1 } })
    const trackerAt = { host: network.server.address, port: torrentTrackerPort }
    await tracker.ask(trackerAt)
    const rivals = { origin: new URL(page).origin, tracker: `${trackerAt.host}:${trackerAt.port}` }
    await origin.ask({ rivals })
    return { network, origin, page, close }
  } catch (error) {
    await close()
    throw error
  }
}
