import type { AssetId, Manifest, PageConfig } from '@peerpress/wire'

/** Where bytes of an answer came from, in the words of a beacon's delivery part. */
export type ByteSource = 'peer' | 'seed' | 'mirror' | 'origin' | 'cache'

/** The post that a page shows. */
export interface ShownPost {
  /** The name of the lock that the page holds for as long as it shows the post. */
  readonly page: string
  readonly config: PageConfig
  /** Verified by the page. */
  readonly manifest: Manifest
  /** What the id of an asset is put after for each copy of it, in the order they are asked. */
  readonly mirrors: readonly string[]
  /** The page is a saved copy: its origin is down. */
  readonly isSaved: boolean
}

/** Said by a page to the worker itself (`ServiceWorker.postMessage`). */
export type PageCall =
  /**
   * A page shows a post that has a manifest; a MessagePort for everything below comes with it. `begun`: URLs that its
   * players have begun to load, whoever answered. `leads`: as if it said `lead` at once.
   */
  | {
      readonly peerpress: 'page'
      readonly post: ShownPost
      readonly leads: boolean
      readonly begun: readonly string[]
    }
  /** The server lets the worker stay: an envelope, and the key of the site as the page's own HTML says it. */
  | { readonly peerpress: 'lease'; readonly lease: string; readonly siteKey: string }
  /** A copy of this page is about to be saved. */
  | { readonly peerpress: 'saved'; readonly url: string }
  /** Keeps an idle worker from being stopped while its page is looked at. */
  | { readonly peerpress: 'alive' }

/** Said by the worker to a page (`Client.postMessage`): it was restarted and knows nothing of the page. */
export interface WorkerCall {
  readonly peerpress: 'connect'
}

/**
 * Said by the worker on a page's port. Of all pages one leads, which has the connections to peers: it is asked for what any
 * page wants. What came of it is told to the page that wanted it.
 */
export type WorkerMessage =
  /** The worker answers the page's requests for assets of its manifest from now on. */
  | { readonly type: 'connected' }
  /** Another page leads now, or the page is new to the one that does. */
  | { readonly type: 'led' }
  /** The page that leads has not answered for long. */
  | { readonly type: 'hung' }
  /** Said to the page that leads: a page shows this post. */
  | { readonly type: 'shown'; readonly post: ShownPost }
  /** Said to the page that leads: a page loaded this asset without the worker. */
  | { readonly type: 'loaded'; readonly asset: AssetId }
  /**
   * Said to the page that leads. Numbers of demands are not used twice. Can the page get these chunks without the origin? Answered by `accept` or
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
  /** Said to the page that leads: a chunk that the origin just sent, not yet verified. */
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

/** Said by the page on its port. Demands are answered by the page that leads. */
export type PageMessage =
  /** The page leads from now on. */
  | { readonly type: 'lead' }
  /** The page loaded this asset without the worker: the browser's HTTP cache may have it. */
  | { readonly type: 'loaded'; readonly asset: AssetId }
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
  /** The origin completes what peers were asked for. */
  | { readonly type: 'fallback'; readonly demand: number }
  /** The rest of a demand will not come. */
  | { readonly type: 'failed'; readonly demand: number }
