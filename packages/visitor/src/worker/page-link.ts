import type { HttpChunk, HttpServers } from '@peerpress/peer'
import type { HttpOrder } from '@peerpress/swarm'
import type { Asset } from '@peerpress/wire'
import type { PageMessage, ShownPost, WorkerMessage } from '../port-message.ts'

/** ms in which the page that leads must say whether it takes a demand. */
const answerTimeout = 150
/** ms without a chunk after which a page that took a demand counts as silent. */
const silenceTimeout = 2000

/** ms that it may owe an answer before another page takes the lead. */
const hungTime = 5000

type PageChunk = Extract<PageMessage, { type: 'chunk' }>

/** Chunks of a demand that the page took; in order, unless all were asked for as a whole. */
export interface Supply {
  readonly demand: number
  /** The next chunk; null when the page is silent, gone or gives up: no more will come. */
  next(): Promise<PageChunk | null>
  /** The rest is not wanted, or all of it is here. */
  end(): void
}

/** Which chunks are asked for, both ends included; `whole` ones may come in any order. */
interface Extent {
  readonly first: number
  readonly last: number
  readonly whole?: boolean
}

/** The links to all pages, as one link uses them. */
interface LinkedPages {
  readonly servers: HttpServers
  /** The link to the page that has the connections to peers; it may be closed already. */
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
  /** A restarted worker must not use the numbers again that its predecessor gave. */
  #lastDemand = Date.now()
  #closed = false
  /** Since when the page owes an answer: until it says something it is too busy to be asked. 0: it owes none. */
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

  /** Verified chunks `first`..`last` by HTTP. Throws when no server goes on. */
  async *fetch(
    asset: Asset,
    { first, last }: Extent,
    order: HttpOrder = this.isSaved ? 'mirrors-first' : 'origin-first',
  ): AsyncGenerator<HttpChunk> {
    const { mirrors } = this.post
    for await (const chunk of this.#links.servers.chunks(asset, { first, last, mirrors, order }))
      if (chunk.index >= first) yield chunk
  }

  /** The page is a saved copy: its origin is down. */
  get isSaved(): boolean {
    return this.post.isSaved
  }

  /** The asset that the page's verified manifest lists under this URL. */
  asset(url: string): Asset | undefined {
    return this.#assets.get(url)
  }

  /** Tells the page something; chunk bytes are handed over, not copied, to the page that leads. */
  tell(message: WorkerMessage): void {
    const isChunk = message.type === 'chunk'
    const to = isChunk ? this.#links.leader : this
    if (to && !to.#closed) to.#port.postMessage(message, isChunk ? [message.bytes.buffer] : [])
  }

  /** Asks the page that leads for chunks that this page wants. null: the origin should be asked. */
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

  /** Everything the page was asked for counts as unanswered. */
  giveUp(): void {
    for (const put of this.#demands.values()) put(null)
  }

  /** It is asked no more. */
  close(): void {
    this.#closed = true
    this.#port.close()
    this.giveUp()
  }
}

/** Messages that wait for the one who takes them. null among them: no more will come. */
class Inbox {
  readonly #messages: (PageMessage | null)[] = []
  #wake: (() => void) | undefined

  put(message: PageMessage | null): void {
    this.#messages.push(message)
    this.#wake?.()
  }

  /** The oldest message, waited for `timeout` ms at most; then null. */
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
