import { createHash } from 'node:crypto'
import type { LeftOutReason } from '../assets/left-out.ts'

/** What became of one of a page's media; null while it has to be asked for again. */
export type Look = 'asset' | LeftOutReason | null

/** What a page says and which media it names. */
export interface LookedAtPage {
  /** SHA-256 of its HTML. */
  readonly digest: string
  readonly media: readonly string[]
}

/** Posts that are remembered; the one that was published longest ago is forgotten first. */
const maxPosts = 1000
/** ms. An owner who has repaired a picture without changing the page waits no longer. */
const maxAge = 60 * 60 * 1000

/** Reasons that stay as long as the page does not change: to ask again may have an effect, such as a new captcha. */
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
 * Remembers what the publisher learned of a page's media, so that it does not ask for them again in vain. It knows them by
 * their place in the page's list, and so holds few bytes.
 */
export class FirstLooks {
  readonly #posts = new Map<string, Looks>()
  readonly #now: () => number

  /** `now`: ms. */
  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /**
   * What is known of each of the page's media. Attempts with the same `asked` serve the same request: what one of them has
   * fetched, the next does not ask for again.
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
