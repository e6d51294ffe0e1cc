import { savedPages, savedParts } from '../saved-page.ts'

/** ms that the origin has to begin its answer to a navigation. Then the saved copy is shown. */
const patience = 10_000

const parts = ['style', 'script', 'font']

/** Answers with the pages that this reader's browser saved if the origin does not answer. */
export class SavedPages {
  /** URLs of the saved pages. It may have URLs of removed pages. */
  readonly #urls = new Set<string>()
  /** Whether all saved pages are known. */
  #isComplete = false
  /** Ids of pages that were opened from a saved copy. */
  readonly #opened = new Set<string>()

  constructor() {
    const done = (): void => {
      this.#isComplete = true
    }
    // If storage is disabled, there are no saved pages.
    // oxlint-disable-next-line promise/no-callback-in-promise -- both ways end the same
    this.#list().then(done, done)
  }

  /** Notes that a page will be saved. */
  add(url: string): void {
    this.#urls.add(url)
  }

  /** Returns whether a page was opened from a saved copy because its origin is down. */
  has(client: string): boolean {
    return this.#opened.has(client)
  }

  /**
   * Answers a navigation to a saved page, and requests for styles, scripts and fonts of a page that was opened from its
   * copy. A worker that has just started handles every navigation until it knows the saved pages. Returns false for all
   * other requests. `leaving`: resolves when copies that may no longer be used are removed.
   */
  answer(event: FetchEvent, url: string, leaving: Promise<void>): boolean {
    const { request, clientId } = event
    if (request.method !== 'GET') return false
    if (request.mode === 'navigate' && request.destination === 'document') {
      if (!this.#urls.has(url) && (this.#isComplete || isFile(url))) return false
      event.respondWith(this.#page(event, url, leaving))
      return true
    }
    if (!this.has(clientId) || !parts.includes(request.destination)) return false
    event.respondWith(part(request))
    return true
  }

  async #page({ request, resultingClientId }: FetchEvent, url: string, leaving: Promise<void>) {
    const network = fetch(request)
    const late = new Promise<null>((resolve) => setTimeout(resolve, patience, null))
    const response = await Promise.race([network, late]).catch(() => null)
    if (response && response.status < 500 && response.status !== 429) {
      // The page is gone, refused or moved, so its copy may no longer be shown.
      // The answer does not depend on the storage.
      if (!response.ok) await this.#forget(url).catch(() => {})
      return response
    }
    await leaving
    const saved = await caches.match(url, { cacheName: savedPages }).catch(() => null)
    if (!saved) return network
    this.#opened.add(resultingClientId)
    return saved
  }

  async #forget(url: string): Promise<void> {
    if (!(await caches.has(savedPages))) return
    await (await caches.open(savedPages)).delete(url)
    this.#urls.delete(url)
  }

  async #list(): Promise<void> {
    // Opening the cache would create it.
    if (await caches.has(savedPages))
      for (const { url } of await (await caches.open(savedPages)).keys()) this.add(url)
  }
}

/** The copy comes first: the origin is down, and the copy matches the saved page. */
async function part(request: Request): Promise<Response> {
  const saved = await caches.match(request, { cacheName: savedParts, ignoreVary: true }).catch(() => null)
  return saved ?? fetch(request)
}

/** Returns whether a URL ends in a file name that no page has. */
function isFile(url: string): boolean {
  return /\/[^/?]+\.(?!html?$|php$)\w+$/.test(url)
}
