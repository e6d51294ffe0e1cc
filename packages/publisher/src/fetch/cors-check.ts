/**
 * The CORS protocol of one request without credentials, as a browser follows it for `fetch(url)` on a page of
 * `pageOrigin` (Fetch standard, "main fetch", "HTTP-redirect fetch" and "CORS check"). Without a page it allows everything.
 */
export class CorsCheck {
  readonly #pageOrigin: string | undefined
  #isCrossOrigin = false
  #isTainted = false
  #previous: string | undefined

  constructor(pageOrigin: string | undefined) {
    this.#pageOrigin = pageOrigin
  }

  /** The headers that a browser adds for the request, or for the next one after a redirect. */
  requestHeaders({ origin }: URL): Record<string, string> {
    if (this.#pageOrigin === undefined) return {}
    const previous = this.#previous ?? this.#pageOrigin
    if (origin !== previous && previous !== this.#pageOrigin) this.#isTainted = true
    if (origin !== this.#pageOrigin) this.#isCrossOrigin = true
    this.#previous = origin
    return this.#isCrossOrigin ? { origin: this.#origin } : {}
  }

  /** Whether the page may see an answer with this `Access-Control-Allow-Origin`. */
  allows(header: string | null): boolean {
    return !this.#isCrossOrigin || header === '*' || header === this.#origin
  }

  /** An origin that the page did not ask sends on to a third one: the browser does not name the page any more. */
  get #origin(): string {
    return this.#isTainted ? 'null' : (this.#pageOrigin ?? 'null')
  }
}
