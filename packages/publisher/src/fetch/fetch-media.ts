import type { PublishedAsset } from '@peerpress/registry'
import { type FetchedAsset, fetchAsset } from './fetch-asset.ts'
import type { Look } from './first-looks.ts'
import { type LeftOut, type MediaSummary, summarizeLeftOut } from '../assets/left-out.ts'
import type { PublicationContext, PublicationTask } from '../manifest/publish-post.ts'
import { abortReason, PublisherError } from '../publisher-error.ts'

/** From this attempt on what still fails is left out. */
const patience = 5
/** Requests to a site at once: shared hosting has few workers. */
const concurrency = 3
/** After so many failures an attempt begins no further fetch: the site has trouble enough. */
const maxFailures = 5

/** Which media of a page to fetch, and what is known of them. */
export interface MediaRequest {
  readonly task: PublicationTask
  readonly context: PublicationContext
  /** In the order of the page. */
  readonly media: readonly string[]
  /** What is left out besides. */
  readonly leftOut: readonly LeftOut[]
  /** The origin of the page. */
  readonly pageOrigin: string
  /** What the latest publication lists. */
  readonly published: readonly PublishedAsset[]
  /** What earlier attempts learned, in the order of `media`. */
  readonly looks: readonly Look[]
}

/** The state of a page's media, for a manifest. */
export interface FetchedMedia {
  /** What has arrived, and what the latest publication lists and was not yet asked for again, in the order of the page. */
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
   * Fetches them. Resolves when nothing runs any more: with the first failure that another attempt may mend, or null.
   * @throws {PublisherError} why the task's signal ended the work, unless that is the time limit of the post.
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

  /** What has become of them so far. */
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

  /** What another attempt need not ask for again. */
  looks(): Look[] {
    return this.#fetched.map((one) => (one === undefined ? null : 'asset' in one ? 'asset' : one.leftOut))
  }

  get #isLast(): boolean {
    return this.#request.task.attempt >= patience
  }

  /** Whether the whole work was ended; after the time limit of the post the next attempt goes on. */
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
    // Others were fetched meanwhile.
    if (this.#size + fetched.asset.size > maxPost) return { leftOut: 'too-large' }
    this.#size += fetched.asset.size
    return fetched
  }

  /** A failing origin takes no asset away that readers have had from it: they need it most now. */
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
