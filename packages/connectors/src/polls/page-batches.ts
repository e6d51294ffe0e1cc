import type { KnownPage, Registry, Site } from '@peerpress/registry'
import type { PostId } from '@peerpress/wire'
import { canonicalUrl, postIdOf } from '../canonical-url.ts'
import type { NamedPage } from '../contract.ts'

/** Pages whose rows are read and written together. */
const batchSize = 200
/** Characters of a hint. A longer one is cut. */
const maxHint = 300

/** Requests that the publisher fetches a page and publishes it if its content changed. Resolves once the job is queued. */
export type RequestPage = (site: Site, page: { readonly post: PostId; readonly url: string }) => Promise<void>

export interface PageBatchesOptions {
  readonly registry: Pick<Registry, 'connectors'>
  readonly request: RequestPage
  readonly site: Site
  readonly connector: string
  /** Number of the poll. */
  readonly poll: number
  /** Maximum number of pages that one poll requests. */
  readonly maxRequests: number
}

interface Page {
  readonly post: PostId
  readonly url: string
  readonly hint: string | null
}

/** The pages that one poll names. New pages and pages whose hint changed are requested; each page once. */
export class PageBatches {
  readonly #options: PageBatchesOptions
  readonly #seen = new Set<PostId>()
  #batch: Page[] = []
  #requested = 0
  #isFull = false
  #foreign = 0

  constructor(options: PageBatchesOptions) {
    this.#options = options
  }

  /** Number of different pages so far. */
  get named(): number {
    return this.#seen.size
  }

  get requested(): number {
    return this.#requested
  }

  /** Number of pages that were left out, because they are on no origin of the site. */
  get foreign(): number {
    return this.#foreign
  }

  /** Whether pages were left to the next poll, because this one has requested as many as it may. */
  get isFull(): boolean {
    return this.#isFull
  }

  async add({ url: text, hint }: NamedPage): Promise<void> {
    const url = canonicalUrl(text)
    if (url === null || !this.#options.site.origins.includes(url.origin)) {
      this.#foreign++
      return
    }
    const post = postIdOf(url)
    if (this.#seen.has(post)) return
    this.#seen.add(post)
    this.#batch.push({ post, url: url.href, hint: hint === null ? null : storable(hint) })
    if (this.#batch.length >= batchSize) await this.flush()
  }

  /** Handles the pages of the last batch. */
  async flush(): Promise<void> {
    const { registry, request, site, connector, poll, maxRequests } = this.#options
    const batch = this.#batch.splice(0)
    if (batch.length === 0) return
    const known = await registry.connectors.known(
      connector,
      batch.map(({ post }) => post),
    )
    const handled = []
    for (const page of batch) {
      const isRequested = mayHaveChanged(page, known.get(page.post))
      if (isRequested && this.#requested >= maxRequests) {
        this.#isFull = true
        continue
      }
      // The request comes first: after a crash between the two, the next poll requests the page again.
      if (isRequested) await request(site, page)
      if (isRequested) this.#requested++
      handled.push({ ...page, isRequested })
    }
    if (handled.length > 0) await registry.connectors.record(connector, poll, handled)
  }
}

function mayHaveChanged({ hint }: Page, known: KnownPage | undefined): boolean {
  return known === undefined || (hint !== null && hint !== known.hint)
}

/** Postgres stores no U+0000. */
function storable(text: string): string {
  return text.replaceAll('\0', '').slice(0, maxHint).toWellFormed()
}
