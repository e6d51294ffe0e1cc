import type { Asset } from '@peerpress/wire'
import type { PageMessage, WorkerMessage } from '../port-message.ts'

/** ms in which a page must say whether it takes a demand. */
const answerTimeout = 150
/** ms without a chunk after which a page that took a demand counts as silent. */
const silenceTimeout = 2000

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

/** The worker's side of the port to one page. */
export class PageLink {
  /** What the id of an asset is put after for the server's copy. */
  readonly mirror: string
  readonly #port: MessagePort
  readonly #assets: ReadonlyMap<string, Asset>
  readonly #demands = new Map<number, (message: PageMessage | null) => void>()
  /** A restarted worker must not use the numbers again that its predecessor gave. */
  #lastDemand = Date.now()
  #closed = false
  /** The page owes an answer: until it says something it is too busy to be asked. */
  #late = false

  constructor(
    port: MessagePort,
    { assets, mirror }: { readonly assets: readonly Asset[]; readonly mirror: string },
  ) {
    this.mirror = mirror
    this.#port = port
    this.#assets = new Map(assets.map((asset) => [asset.url, asset]))
    port.addEventListener('message', ({ data }: MessageEvent<PageMessage>) => {
      this.#late = false
      this.#demands.get(data.demand)?.(data)
    })
    port.addEventListener('close', () => this.close())
    port.start()
  }

  /** The asset that the page's verified manifest lists under this URL. */
  asset(url: string): Asset | undefined {
    return this.#assets.get(url)
  }

  /** Tells the page something; chunk bytes are handed over, not copied. */
  tell(message: WorkerMessage): void {
    if (!this.#closed) this.#port.postMessage(message, message.type === 'chunk' ? [message.bytes.buffer] : [])
  }

  /** Asks the page for chunks. null: the origin should be asked. */
  async ask(asset: Asset, { first, last, whole = false }: Extent): Promise<Supply | null> {
    if (this.#closed || this.#late) return null
    const demand = ++this.#lastDemand
    const inbox = new Inbox()
    this.#demands.set(demand, (message) => inbox.put(message))
    this.tell({ type: 'demand', demand, asset: asset.id, first, last, whole })
    const end = (): void => {
      if (this.#demands.delete(demand)) this.tell({ type: 'demand-ended', demand })
    }
    const answer = await inbox.take(answerTimeout)
    this.#late = answer === null
    if (answer?.type !== 'accept') {
      end()
      return null
    }
    const next = async (): Promise<PageChunk | null> => {
      let message = await inbox.take(silenceTimeout)
      while (message?.type === 'working') message = await inbox.take(silenceTimeout)
      if (message?.type === 'chunk') return message
      end()
      return null
    }
    return { demand, next, end }
  }

  /** Everything the page was asked for counts as unanswered; it is asked no more. */
  close(): void {
    this.#closed = true
    this.#port.close()
    for (const put of this.#demands.values()) put(null)
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
