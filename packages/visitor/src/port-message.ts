import type { Asset, AssetId } from '@peerpress/wire'

/** Where bytes of an answer came from, in the words of a beacon's delivery part. */
export type ByteSource = 'peer' | 'seed' | 'mirror' | 'origin' | 'cache'

/** Said by a page to the worker itself (`ServiceWorker.postMessage`). */
export type PageCall =
  /**
   * The page has verified its manifest; a MessagePort for everything below comes with it. `begun`: URLs that its
   * players have begun to load, whoever answered. `mirror`: what the id of an asset is put after for its copy.
   */
  | {
      readonly peerpress: 'page'
      readonly assets: readonly Asset[]
      readonly begun: readonly string[]
      readonly mirror: string
    }
  /** The server lets the worker stay: an envelope, and the key of the site as the page's own HTML says it. */
  | { readonly peerpress: 'lease'; readonly lease: string; readonly siteKey: string }
  /** Keeps an idle worker from being stopped while its page is looked at. */
  | { readonly peerpress: 'alive' }

/** Said by the worker to a page (`Client.postMessage`): it was restarted and knows nothing of the page. */
export interface WorkerCall {
  readonly peerpress: 'connect'
}

/** Said by the worker on a page's port. */
export type WorkerMessage =
  /** From now on the worker asks the page about requests for its assets. */
  | { readonly type: 'connected' }
  /**
   * Numbers of demands are not used twice. Can the page get these chunks without the origin? Answered by `accept` or
   * `origin`. `whole`: nothing is of use before all is there, so they may come in any order.
   */
  | {
      readonly type: 'demand'
      readonly demand: number
      readonly asset: AssetId
      readonly first: number
      readonly last: number
      readonly whole: boolean
    }
  | { readonly type: 'demand-ended'; readonly demand: number }
  /** A chunk the origin just sent for the page, not yet verified. */
  | {
      readonly type: 'chunk'
      readonly asset: AssetId
      readonly index: number
      readonly bytes: Uint8Array<ArrayBuffer>
    }
  /** The worker answers a request of the page. `at`: ms since the Unix epoch. */
  | { readonly type: 'taken'; readonly asset: AssetId; readonly at: number }
  /** These bytes of an asset were in an answer. */
  | {
      readonly type: 'bytes'
      readonly asset: AssetId
      readonly start: number
      readonly length: number
      readonly source: ByteSource
    }
  /** The request was answered to its end, or to where the page stopped reading; or it failed. */
  | { readonly type: 'answered'; readonly asset: AssetId; readonly complete: boolean }
  /** What peers had promised was completed by the origin. */
  | { readonly type: 'fallback'; readonly demand: number }
  /** The audit of an answer found bytes that do not match the manifest. */
  | { readonly type: 'wrong'; readonly bytes: number }

/** Said by the page on its port. */
export type PageMessage =
  | { readonly type: 'accept'; readonly demand: number }
  | { readonly type: 'origin'; readonly demand: number }
  /** Nothing new yet, but the page is at it. */
  | { readonly type: 'working'; readonly demand: number }
  /** The next chunk of a demand, or of a whole one any, verified. */
  | {
      readonly type: 'chunk'
      readonly demand: number
      readonly index: number
      readonly bytes: Uint8Array<ArrayBuffer>
      readonly source: ByteSource
    }
  /** The rest of a demand will not come. */
  | { readonly type: 'failed'; readonly demand: number }
