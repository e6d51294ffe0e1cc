import { createHash } from 'node:crypto'
import type { LeftOutReason } from '../assets/left-out.ts'

/** The result for one of a page's media; null if it must be requested again. */
export type Look = 'asset' | LeftOutReason | null

/** The content of a page and its media. */
export interface LookedAtPage {
  /** SHA-256 of its HTML. */
  readonly digest: string
  readonly media: readonly string[]
}

/** Maximum number of posts. The post that was published longest ago is forgotten first. */
const maxPosts = 1000
/** ms. It limits the delay after an owner repaired a picture without changing the page. */
const maxAge = 60 * 60 * 1000

/** Reasons that last until the page changes. Repeated requests may have side effects, such as a new captcha. */
const lasting: ReadonlySet<Look> = new Set<Look>([
  ...(['no-store', 'private', 'set-cookie', 'vary'] as const),
  ...(['status', 'too-many-redirects', 'bad-encoding'] as const),
])

interface Looks {
  readonly asked: string | undefined
  readonly digest: string
  readonly list: string
  readonly looks: readonly Look[]
  readonly at: number
}

/**
 * Remembers the publisher's results for a page's media, so that it does not repeat useless requests. It identifies
 * media by their position in the page's list, and so needs few bytes.
 */
export class FirstLooks {
  readonly #posts = new Map<string, Looks>()
  readonly #now: () => number

  /** `now` returns ms. */
  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /**
   * Returns the known results for the page's media. Attempts with the same `asked` serve the same request, so the next
   * one reuses what an earlier one has fetched.
   */
  of(post: string, page: LookedAtPage, asked: string | undefined): readonly Look[] {
    const known = this.#posts.get(post)
    if (known === undefined || this.#now() - known.at > maxAge) return []
    if (asked !== undefined && known.asked === asked && known.list === digestOf(page.media))
      return known.looks
    return known.digest === page.digest ? known.looks.map((look) => (lasting.has(look) ? look : null)) : []
  }

  remember(
    post: string,
    page: LookedAtPage,
    { asked, looks }: { readonly asked: string | undefined; readonly looks: readonly Look[] },
  ): void {
    const { digest, media } = page
    this.#posts.delete(post)
    this.#posts.set(post, { asked, digest, list: digestOf(media), looks, at: this.#now() })
    for (const oldest of this.#posts.keys()) {
      if (this.#posts.size <= maxPosts) break
      this.#posts.delete(oldest)
    }
  }
}

function digestOf(media: readonly string[]): string {
  return createHash('sha256').update(media.join('\n')).digest('base64')
}
