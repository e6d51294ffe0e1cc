/**
 * The CORS protocol of one request without credentials, as a browser follows it for `fetch(url)` on a page of
 * `pageOrigin` (Fetch standard, "main fetch", "HTTP-redirect fetch" and "CORS check"). Without a page it allows
 * everything.
 */
export class CorsCheck {
  readonly #pageOrigin: string | undefined
  #isCrossOrigin = false
  #isTainted = false
  #previous: string | undefined

  constructor(pageOrigin: string | undefined) {
    this.#pageOrigin = pageOrigin
  }

  /** Returns the headers that a browser adds to the request, or to the next one after a redirect. */
  requestHeaders({ origin }: URL): Record<string, string> {
    if (this.#pageOrigin === undefined) return {}
    const previous = this.#previous ?? this.#pageOrigin
    if (origin !== previous && previous !== this.#pageOrigin) this.#isTainted = true
    if (origin !== this.#pageOrigin) this.#isCrossOrigin = true
    this.#previous = origin
    return this.#isCrossOrigin ? { origin: this.#origin } : {}
  }

  /** Returns whether the page may read a response with this `Access-Control-Allow-Origin`. */
  allows(header: string | null): boolean {
    return !this.#isCrossOrigin || header === '*' || header === this.#origin
  }

  /** The browser hides the page's origin after a redirect from another origin to a third one. */
  get #origin(): string {
    return this.#isTainted ? 'null' : (this.#pageOrigin ?? 'null')
  }
}
