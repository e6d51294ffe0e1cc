import type { HttpChunk, HttpServers } from '@peerpress/peer'
import type { HttpOrder } from '@peerpress/swarm'
import type { Asset } from '@peerpress/wire'
import type { PageMessage, ShownPost, WorkerMessage } from '../port-message.ts'

/** ms that the leading page has to accept or refuse a demand. */
const answerTimeout = 150
/** ms without a message after which a page that accepted a demand counts as silent. */
const silenceTimeout = 2000

/** ms without an answer after which another page takes the lead. */
const hungTime = 5000

type PageChunk = Extract<PageMessage, { type: 'chunk' }>

/** Chunks of an accepted demand, in order unless the demand is `whole`. */
export interface Supply {
  readonly demand: number
  /** Returns the next chunk; null if the page is silent, closed or gives up. Then no more chunks arrive. */
  next(): Promise<PageChunk | null>
  /** Ends the demand: all chunks arrived, or the rest is not needed. */
  end(): void
}

/** The requested chunks, both ends included. `whole`: they may arrive in any order. */
interface Extent {
  readonly first: number
  readonly last: number
  readonly whole?: boolean
}

/** The links to all pages, as one link uses them. */
interface LinkedPages {
  readonly servers: HttpServers
  /** The link to the leading page. It may already be closed. */
  readonly leader: PageLink | undefined
  /** Makes a page the leader. */
  lead(leader: PageLink): void
}

/** The worker's side of the port to one page. */
export class PageLink {
  readonly post: ShownPost
  readonly #port: MessagePort
  readonly #links: LinkedPages
  readonly #assets: ReadonlyMap<string, Asset>
  readonly #demands = new Map<number, (message: PageMessage | null) => void>()
  /** Starts with the time, so that a restarted worker does not reuse numbers of its predecessor. */
  #lastDemand = Date.now()
  #closed = false
  /** Time since which an answer is overdue. Until its next message the page gets no demands. 0: no answer is overdue. */
  #lateSince = 0

  constructor(port: MessagePort, post: ShownPost, links: LinkedPages) {
    this.post = post
    this.#port = port
    this.#links = links
    this.#assets = new Map(post.manifest.assets.map((asset) => [asset.url, asset]))
    port.addEventListener('message', ({ data }: MessageEvent<PageMessage>) => {
      this.#lateSince = 0
      if (data.type === 'lead') links.lead(this)
      else if (data.type === 'loaded') links.leader?.tell(data)
      else this.#demands.get(data.demand)?.(data)
    })
    port.addEventListener('close', () => this.close())
    port.start()
  }

  /** Yields verified chunks `first`..`last` by HTTP. Throws if no server can continue. */
  async *fetch(
    asset: Asset,
    { first, last }: Extent,
    order: HttpOrder = this.isSaved ? 'mirrors-first' : 'origin-first',
  ): AsyncGenerator<HttpChunk> {
    const { mirrors } = this.post
    for await (const chunk of this.#links.servers.chunks(asset, { first, last, mirrors, order }))
      if (chunk.index >= first) yield chunk
  }

  /** Whether the page is a saved copy because its origin is down. */
  get isSaved(): boolean {
    return this.post.isSaved
  }

  /** Returns the asset that the page's verified manifest lists under this URL. */
  asset(url: string): Asset | undefined {
    return this.#assets.get(url)
  }

  /** Sends a message to the page. A chunk goes to the leading page; its bytes are transferred, not copied. */
  tell(message: WorkerMessage): void {
    const isChunk = message.type === 'chunk'
    const to = isChunk ? this.#links.leader : this
    if (to && !to.#closed) to.#port.postMessage(message, isChunk ? [message.bytes.buffer] : [])
  }

  /** Requests chunks for this page from the leading page. Returns null if the origin should be requested. */
  async ask(asset: Asset, { first, last, whole = false }: Extent): Promise<Supply | null> {
    const { leader } = this.#links
    if (!leader || leader.#closed) return null
    if (leader.#lateSince) {
      if (Date.now() - leader.#lateSince > hungTime) this.tell({ type: 'hung' })
      return null
    }
    const demand = ++leader.#lastDemand
    const inbox = new Inbox()
    leader.#demands.set(demand, (message) => inbox.put(message))
    leader.tell({ type: 'demand', demand, asset: asset.id, first, last, whole })
    const end = (): void => {
      if (leader.#demands.delete(demand)) leader.tell({ type: 'demand-ended', demand })
    }
    const answer = await inbox.take(answerTimeout)
    if (answer === null) leader.#lateSince = Date.now()
    if (answer?.type !== 'accept') {
      end()
      return null
    }
    const next = async (): Promise<PageChunk | null> => {
      let message = await inbox.take(silenceTimeout)
      for (; ; message = await inbox.take(silenceTimeout)) {
        if (message?.type === 'fallback') this.tell({ type: 'fallback', demand })
        else if (message?.type !== 'working') break
      }
      if (message?.type === 'chunk') return message
      end()
      return null
    }
    return { demand, next, end }
  }

  /** Ends all demands as unanswered. */
  giveUp(): void {
    for (const put of this.#demands.values()) put(null)
  }

  /** Closes the link. The page gets no further demands. */
  close(): void {
    this.#closed = true
    this.#port.close()
    this.giveUp()
  }
}

/** Messages that wait for their receiver. A null means that no more arrive. */
class Inbox {
  readonly #messages: (PageMessage | null)[] = []
  #wake: (() => void) | undefined

  put(message: PageMessage | null): void {
    this.#messages.push(message)
    this.#wake?.()
  }

  /** Returns the oldest message, or null if none arrives within `timeout` ms. */
  async take(timeout: number): Promise<PageMessage | null> {
    if (this.#messages.length === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeout)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    return this.#messages.shift() ?? null
  }
}
