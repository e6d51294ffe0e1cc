import type { Delivery, Manifest, PageConfig, TrackerServerMessage } from '@peerpress/wire'
import type { WorkerMessage } from '../port-message.ts'
import { releaseVideos } from '../release-videos.ts'
import { DeliveryLedger } from './delivery-ledger.ts'
import { watchFailedElements } from './failed-elements.ts'
import { watchLoadedAssets } from './loaded-assets.ts'
import { fetchManifest } from './manifest-source.ts'
import { PageSwarm } from './page-swarm.ts'
import { fetchTicket } from './ticket-source.ts'
import { TrackerClient } from './tracker-client.ts'
import { WorkerLink } from './worker-link.ts'

/** ms that postponed videos wait at most for the worker. */
const videoPatience = 2000
/** ms that they wait at most for a first peer, once the worker is there. */
const peerPatience = 1000

/** This page's part in the swarm of its post. */
export interface Swarm {
  /** Takes part, from now or again. */
  start(): void
  /** Closes every connection at once; the page goes on at the origin. */
  stop(): void
  readonly delivery: () => Delivery | null
}

/** What the loader finds in the swarm script. */
export interface SwarmModule {
  readonly createSwarm: typeof createSwarm
}

/** The swarm of the page's post; nothing is done before `start()`. */
export function createSwarm(config: PageConfig): Swarm {
  let wanted = false
  let parts: Promise<Parts | null> | undefined
  let ledger: DeliveryLedger | undefined

  // A page with open connections cannot be kept for going back to.
  addEventListener('pagehide', () => settle(false))
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) settle(wanted)
  })

  return {
    start: () => settle((wanted = true)),
    stop: () => settle((wanted = false)),
    delivery: () => ledger?.snapshot() ?? null,
  }

  function settle(running: boolean): void {
    if (running) parts ??= prepare().catch(() => null)
    void parts?.then((ready) => (running && wanted ? ready?.start() : ready?.stop()))
  }

  async function prepare(): Promise<Parts | null> {
    setTimeout(releaseVideos, videoPatience)
    const manifest = await fetchManifest(config)
    if (!manifest) {
      releaseVideos()
      return null
    }
    ledger = new DeliveryLedger(manifest.assets)
    return assemble(config, manifest, ledger)
  }
}

interface Parts {
  start(): void
  stop(): void
}

function assemble(config: PageConfig, manifest: Manifest, ledger: DeliveryLedger): Parts {
  let isConnected = false
  const mirror = `${config.server}/v1/mirror/`
  const worker = new WorkerLink({ assets: manifest.assets, mirror }, hearWorker)
  const tracker = new TrackerClient({
    url: `${config.server.replace(/^http/, 'ws')}/v1/tracker`,
    ticket: () => fetchTicket(config),
    onMessage: hearTracker,
  })
  const swarm = new PageSwarm(manifest, {
    ledger,
    upload: config.upload,
    mirror,
    tellWorker: (message) => worker.tell(message),
    onSignal: (to, signal) => tracker.send({ type: 'signal', to, signal }),
    onConnect: (peers) => tracker.send({ type: 'want', peers }),
    onHoldings() {
      if (isConnected) releaseVideos()
    },
  })
  watchLoadedAssets(manifest.assets, {
    onLoaded: (asset, entry) => ledger.loaded(asset.id, entry, performance.timeOrigin),
    onChunk: (asset, chunk) => swarm.take(asset.id, chunk, 'local'),
    isWanted: (asset) => swarm.wants(asset),
  })
  watchFailedElements(manifest.assets, (asset) => ledger.failed(asset.id, Date.now()))
  return {
    start() {
      worker.start()
      tracker.start()
    },
    stop() {
      worker.stop()
      tracker.stop()
      swarm.stop()
    },
  }

  function hearTracker(message: TrackerServerMessage): void {
    switch (message.type) {
      case 'welcome':
        swarm.peers.iceServers = message.iceServers
        break
      case 'swarm':
        swarm.resize(message.peers)
        break
      case 'introduce':
        swarm.peers.introduce(message)
        break
      case 'signal':
        swarm.peers.signal(message.from, message.signal)
        break
      case 'left':
      case 'error':
      // A peer that left the tracker may still be connected; after an error the tracker closes the line itself.
    }
  }

  function hearWorker(message: WorkerMessage): void {
    switch (message.type) {
      case 'connected':
        isConnected = true
        swarm.endDemands()
        // A film that begins before there is a peer may come whole from the origin; without peers it waits no longer.
        setTimeout(releaseVideos, peerPatience)
        break
      case 'demand':
        swarm.demand(message)
        break
      case 'demand-ended':
        swarm.endDemand(message.demand)
        break
      case 'chunk':
        swarm.take(message.asset, message, 'origin')
        break
      case 'taken':
        ledger.taken(message.asset, message.at)
        break
      case 'bytes':
        ledger.bytes(message.asset, message, message.source)
        break
      case 'answered':
        ledger.answered(message.asset, message.complete)
        break
      case 'fallback':
        ledger.fallback(message.demand)
        break
      case 'wrong':
        ledger.wrong(message.bytes)
    }
  }
}
