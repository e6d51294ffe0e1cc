import type { AssetId, Manifest, PageConfig } from '@peerpress/wire'

/** The source of an answer's bytes, named as in a beacon's delivery part. */
export type ByteSource = 'peer' | 'seed' | 'mirror' | 'origin' | 'cache'

/** The post that a page shows. */
export interface ShownPost {
  /** The name of the lock that the page holds for as long as it shows the post. */
  readonly page: string
  readonly config: PageConfig
  /** Verified by the page. */
  readonly manifest: Manifest
  /** URL prefixes of the copies, in the order of requests. Each is followed by an asset's id. */
  readonly mirrors: readonly string[]
  /** The page is a saved copy: its origin is down. */
  readonly isSaved: boolean
}

/** A message from a page to the worker itself (`ServiceWorker.postMessage`). */
export type PageCall =
  /**
   * A page shows a post that has a manifest. The message transfers a MessagePort for all other messages. `begun`: URLs that
   * the page's players have begun to load from any source. `leads`: whether the page leads, as with the message `lead`.
   */
  | {
      readonly peerpress: 'page'
      readonly post: ShownPost
      readonly leads: boolean
      readonly begun: readonly string[]
    }
  /** The server allows the worker to stay: an envelope, and the site's key from the page's own HTML. */
  | { readonly peerpress: 'lease'; readonly lease: string; readonly siteKey: string }
  /** A copy of this page will be saved. */
  | { readonly peerpress: 'saved'; readonly url: string }
  /** Keeps the browser from stopping an idle worker while its page is visible. */
  | { readonly peerpress: 'alive' }

/** A message from the worker to a page (`Client.postMessage`): the worker was restarted and has no link to the page. */
export interface WorkerCall {
  readonly peerpress: 'connect'
}

/**
 * A message from the worker on a page's port. One page of the browser leads: it has the connections to peers and gets the
 * demands of all pages. Results are sent to the page that made the request.
 */
export type WorkerMessage =
  /** From now on the worker answers the page's requests for assets of its manifest. */
  | { readonly type: 'connected' }
  /** The worker has a leading page and has introduced this page to it. */
  | { readonly type: 'led' }
  /** The leading page has not answered for a long time. */
  | { readonly type: 'hung' }
  /** To the leading page: a page shows this post. */
  | { readonly type: 'shown'; readonly post: ShownPost }
  /** To the leading page: a page loaded this asset without the worker. */
  | { readonly type: 'loaded'; readonly asset: AssetId }
  /**
   * To the leading page: requests chunks from peers. The answer is `accept` or `origin`. Each demand has a new number.
   * `whole`: the chunks are useful only together, so they may arrive in any order.
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
  /** To the leading page: a chunk from the origin, not verified. */
  | {
      readonly type: 'chunk'
      readonly asset: AssetId
      readonly index: number
      readonly bytes: Uint8Array<ArrayBuffer>
    }
  /** The worker answers a request of the page. `at`: ms since the Unix epoch. */
  | { readonly type: 'taken'; readonly asset: AssetId; readonly at: number }
  /** An answer contained these bytes of an asset. */
  | {
      readonly type: 'bytes'
      readonly asset: AssetId
      readonly start: number
      readonly length: number
      readonly source: ByteSource
    }
  /** The request was answered completely or until the page stopped reading, or it failed. */
  | { readonly type: 'answered'; readonly asset: AssetId; readonly complete: boolean }
  /** The origin completed a demand that peers had accepted. */
  | { readonly type: 'fallback'; readonly demand: number }
  /** The audit of an answer found bytes that do not match the manifest. */
  | { readonly type: 'wrong'; readonly bytes: number }

/** A message from the page on its port. The leading page answers demands. */
export type PageMessage =
  /** From now on the page leads. */
  | { readonly type: 'lead' }
  /** The page loaded this asset without the worker: the browser's HTTP cache may have it. */
  | { readonly type: 'loaded'; readonly asset: AssetId }
  | { readonly type: 'accept'; readonly demand: number }
  | { readonly type: 'origin'; readonly demand: number }
  /** The demand is in progress, without a new chunk. */
  | { readonly type: 'working'; readonly demand: number }
  /** The next chunk of a demand, verified; any chunk if the demand is `whole`. */
  | {
      readonly type: 'chunk'
      readonly demand: number
      readonly index: number
      readonly bytes: Uint8Array<ArrayBuffer>
      readonly source: ByteSource
    }
  /** The origin completes the demand that was sent to peers. */
  | { readonly type: 'fallback'; readonly demand: number }
  /** The demand ends here: its other chunks will not arrive. */
  | { readonly type: 'failed'; readonly demand: number }
