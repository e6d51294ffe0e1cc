import type { PublishedAsset } from '@peerpress/registry'
import { type FetchedAsset, fetchAsset } from './fetch-asset.ts'
import type { Look } from './first-looks.ts'
import { type LeftOut, type MediaSummary, summarizeLeftOut } from '../assets/left-out.ts'
import type { PublicationContext, PublicationTask } from '../manifest/publication.ts'
import { abortReason, PublisherError } from '../publisher-error.ts'

/** From this attempt on, media that still fail are left out. */
const patience = 5
/** Simultaneous requests to a site. Shared hosting has few workers. */
const concurrency = 3
/** Number of failures after which an attempt starts no further fetch, because the site is overloaded. */
const maxFailures = 5

/** The media of a page to fetch, and the facts known about them. */
export interface MediaRequest {
  readonly task: PublicationTask
  readonly context: PublicationContext
  /** In page order. */
  readonly media: readonly string[]
  /** Resources that are left out for other reasons. */
  readonly leftOut: readonly LeftOut[]
  /** The origin of the page. */
  readonly pageOrigin: string
  /** The assets of the latest publication. */
  readonly published: readonly PublishedAsset[]
  /** The results of earlier attempts, in the order of `media`. */
  readonly looks: readonly Look[]
}

/** The state of a page's media, for a manifest. */
export interface FetchedMedia {
  /**
   * Assets that have arrived, and assets of the latest publication that were not requested again yet, in page order.
   */
  readonly assets: readonly PublishedAsset[]
  readonly summary: MediaSummary
}

/** The fetches of a page's media. */
export class MediaFetch {
  readonly #request: MediaRequest
  readonly #known: ReadonlyMap<string, PublishedAsset>
  readonly #fetched: (FetchedAsset | undefined)[]
  #failures = 0
  #failure: PublisherError | null = null
  #size = 0

  constructor(request: MediaRequest) {
    this.#request = request
    this.#known = new Map(request.published.map((asset) => [asset.url, asset]))
    this.#fetched = request.media.map((url, index) => this.#learned(url, request.looks[index] ?? null))
    for (const one of this.#fetched) if (one && 'asset' in one) this.#size += one.asset.size
  }

  /**
   * Fetches the media. Resolves when no fetch is running: with the first failure that another attempt may fix, or null.
   * @throws {PublisherError} the reason why the task's signal stopped the work, unless it is the time limit of the
   * post.
   */
  async run(): Promise<PublisherError | null> {
    const queue = this.#request.media.entries()
    let fault: { readonly error: unknown } | null = null
    const work = async () => {
      for (const [index, url] of queue) {
        if (this.#fetched[index] !== undefined) continue
        if (fault !== null || (!this.#isLast && this.#failures >= maxFailures)) return
        try {
          this.#fetched[index] = await this.#fetch(url)
        } catch (error) {
          if (!(error instanceof PublisherError) || this.#isEnded()) fault ??= { error }
          else this.#fail(index, error)
        }
      }
    }
    await Promise.all(Array.from({ length: concurrency }, work))
    if (fault !== null) throw (fault as { readonly error: unknown }).error
    return this.#failure
  }

  /** Returns the current state of the media. */
  soFar(): FetchedMedia {
    const assets: PublishedAsset[] = []
    const leftOut: LeftOut[] = []
    let pending = 0
    for (const [index, url] of this.#request.media.entries()) {
      const fetched = this.#fetched[index]
      const asset =
        fetched === undefined ? this.#known.get(url) : 'asset' in fetched ? fetched.asset : undefined
      if (asset !== undefined) assets.push(asset)
      if (fetched === undefined) pending++
      else if ('leftOut' in fetched) leftOut.push({ url, reason: fetched.leftOut })
    }
    return {
      assets,
      summary: {
        assets: assets.length,
        ...summarizeLeftOut([...leftOut, ...this.#request.leftOut]),
        pending,
      },
    }
  }

  /** Returns the results that another attempt can reuse. */
  looks(): Look[] {
    return this.#fetched.map((one) => (one === undefined ? null : 'asset' in one ? 'asset' : one.leftOut))
  }

  get #isLast(): boolean {
    return this.#request.task.attempt >= patience
  }

  /** Returns whether the whole work was stopped. After the time limit of the post, the next attempt continues. */
  #isEnded(): boolean {
    const { signal } = this.#request.task
    return signal.aborted && abortReason(signal).code !== 'timeout'
  }

  #learned(url: string, look: Look): FetchedAsset | undefined {
    if (look !== 'asset') return look === null ? undefined : { leftOut: look }
    const asset = this.#known.get(url)
    return asset && { asset }
  }

  async #fetch(url: string): Promise<FetchedAsset> {
    const { task, context, pageOrigin } = this.#request
    const { maxAsset, maxPost, assetTimeout: timeout } = context.limits
    const limit = Math.min(maxAsset, maxPost - this.#size)
    const previous = this.#known.get(url)
    const fetched = await fetchAsset(new URL(url), {
      ...context,
      ...task,
      previous,
      limit,
      timeout,
      pageOrigin,
    })
    if ('leftOut' in fetched) return fetched
    // Other fetches may have finished in the meantime.
    if (this.#size + fetched.asset.size > maxPost) return { leftOut: 'too-large' }
    this.#size += fetched.asset.size
    return fetched
  }

  /** Records a failure. A failing origin removes no published asset, because readers need it most now. */
  #fail(index: number, error: PublisherError): void {
    this.#failures++
    if (!this.#isLast) {
      this.#failure ??= error
      return
    }
    const asset = this.#known.get(this.#request.media[index] ?? '')
    this.#fetched[index] = asset ? { asset } : { leftOut: 'failing' }
  }
}
