import type { PublishedPost } from '@peerpress/peer'
import type { AssetId, Delivery, PageConfig } from '@peerpress/wire'
import type { WorkerMessage } from '../port-message.ts'
import { releaseVideos } from '../release-videos.ts'
import { DeliveryLedger } from './page/delivery-ledger.ts'
import { watchFailedElements } from './page/failed-elements.ts'
import { isSavedPage } from './page/is-saved-page.ts'
import { Leadership } from './peers/leadership.ts'
import { watchLoadedAssets } from './storage/loaded-assets.ts'
import { holdLock } from './peers/locks.ts'
import { fetchPost } from './page/page-post.ts'
import { savePage } from './page/save-page.ts'
import { ShownPosts } from './peers/shown-posts.ts'
import { WorkerLink } from './peers/worker-link.ts'

/** Maximum ms that postponed videos wait for the worker. */
const videoPatience = 2000
/** Maximum ms that they wait for a first peer after the worker is connected. */
const peerPatience = 1000

/** This page's part in the swarm of its post and, while it leads, in the swarms of the browser's other pages. */
export interface Swarm {
  /** Starts to take part, for the first time or again. */
  start(): void
  /** Closes every connection at once. From then on the page uses the origin. */
  stop(): void
  readonly delivery: () => Delivery | null
}

/** The exports of the swarm script. */
export interface SwarmModule {
  readonly createSwarm: typeof createSwarm
}

/** Creates the swarm of the page's post. It does nothing before `start()`. */
export function createSwarm(config: PageConfig): Swarm {
  let wanted = false
  let parts: Promise<Parts | null> | undefined
  let ledger: DeliveryLedger | undefined
  const leave = new AbortController()

  // A page with open connections cannot enter the back/forward cache.
  addEventListener('pagehide', () => settle(false))
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) settle(wanted)
  })

  return {
    start: () => settle((wanted = true)),
    stop() {
      leave.abort()
      settle((wanted = false))
    },
    delivery: () => ledger?.snapshot() ?? null,
  }

  function settle(running: boolean): void {
    if (running) parts ??= prepare().catch(() => null)
    parts
      ?.then((ready) => (running && wanted ? ready?.start() : ready?.stop()))
      // A page that takes no part gets everything from the origin.
      .catch(() => {})
  }

  async function prepare(): Promise<Parts | null> {
    setTimeout(releaseVideos, videoPatience)
    const published = await fetchPost(config)
    if (!published) {
      releaseVideos()
      return null
    }
    const { manifest } = published
    ledger = new DeliveryLedger(manifest.assets, location.origin)
    // Without a copy, readers see the browser's error page while the origin is down.
    savePage(config, manifest, leave.signal).catch(() => {})
    return assemble(config, published, ledger)
  }
}

interface Parts {
  start(): void
  stop(): void
}

function assemble(config: PageConfig, { manifest, mirrors }: PublishedPost, ledger: DeliveryLedger): Parts {
  const page = `peerpress-page-${crypto.randomUUID()}`
  const cached = new Set<AssetId>()
  let here: AbortController | undefined
  let posts: ShownPosts | undefined
  const worker = new WorkerLink(
    { page, config, manifest, mirrors, isSaved: isSavedPage() },
    { leads: () => leadership.start().then(() => !!posts), onMessage: hearWorker },
  )
  const leadership = new Leadership({
    onLead() {
      posts = new ShownPosts({
        tellWorker: (message) => worker.tell(message),
        onPeer: (peer) => ledger.peerJoined(peer),
        onEvent: (event) => ledger.swarmEvent(event),
        onHoldings: releaseVideos,
      })
      worker.tell({ type: 'lead' })
    },
    onEnd() {
      posts?.close()
      posts = undefined
    },
  })
  watchLoadedAssets(manifest.assets, {
    onLoaded: (asset, entry) => ledger.loaded(asset.id, entry, performance.timeOrigin),
    onCached({ id: asset }) {
      cached.add(asset)
      worker.tell({ type: 'loaded', asset })
    },
  })
  watchFailedElements(manifest.assets, (asset) => ledger.failed(asset.id, Date.now()))
  return {
    start() {
      if (here) return
      here = new AbortController()
      // The leading page detects by this lock when the page is closed.
      const held = holdLock(page, here.signal)
      // A page without a worker must not lead.
      // Without locks no page leads, and the worker leaves everything to the origin.
      if (navigator.serviceWorker.controller) leadership.start().catch(() => {})
      held
        .then(() => worker.start())
        // The page was stopped before it held the lock.
        .catch(() => {})
    },
    stop() {
      here?.abort()
      here = undefined
      leadership.stop()
      worker.stop()
    },
  }

  function hearWorker(message: WorkerMessage): void {
    switch (message.type) {
      case 'connected':
        posts?.endDemands()
        // A video that begins before the first peer may come from the origin entirely. It waits no longer than this.
        setTimeout(releaseVideos, peerPatience)
        break
      case 'led':
        for (const asset of cached) worker.tell({ type: 'loaded', asset })
        break
      case 'hung':
        leadership.take()
        break
      case 'shown':
        posts?.show(message.post)
        break
      case 'loaded':
        posts?.loaded(message.asset)
        break
      case 'demand':
        if (posts) posts.demand(message)
        else worker.tell({ type: 'origin', demand: message.demand })
        break
      case 'demand-ended':
        posts?.endDemand(message.demand)
        break
      case 'chunk':
        posts?.take(message)
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
