import { savedPages, savedParts } from '../saved-page.ts'

/** ms in which the origin must begin to answer a navigation before the saved copy is shown. */
const patience = 10_000

const parts = ['style', 'script', 'font']

/** Answers with the pages that this reader's browser saved, when the origin cannot. */
export class SavedPages {
  /** URLs of the pages that are there, and maybe of a few that were. */
  readonly #urls = new Set<string>()
  /** Whether all that are there are known. */
  #isComplete = false
  /** Pages that were opened from a saved copy. */
  readonly #opened = new Set<string>()

  constructor() {
    const done = (): void => {
      this.#isComplete = true
    }
    // Where storage is switched off, there is nothing to know.
    // oxlint-disable-next-line promise/no-callback-in-promise -- both ways end the same
    this.#list().then(done, done)
  }

  /** A page is about to be saved. */
  add(url: string): void {
    this.#urls.add(url)
  }

  /** Whether a page was opened from a saved copy: its origin is down. */
  has(client: string): boolean {
    return this.#opened.has(client)
  }

  /**
   * Answers what a saved copy may be the answer to: a page that is there, and as long as a worker that was just started
   * does not know which are there, any page; and the styles, scripts and fonts of a page that was opened from its copy.
   * False for all else. `leaving`: resolves when the copies are gone that may not be used any more.
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
      // Gone, refused or moved: then the copy has no right to be shown any more either.
      // The answer is right whatever the storage says.
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
    // Opening it would make one.
    if (await caches.has(savedPages))
      for (const { url } of await (await caches.open(savedPages)).keys()) this.add(url)
  }
}

/** The copy comes first: the origin has just shown that it is down, and the copy is what the page was read with. */
async function part(request: Request): Promise<Response> {
  const saved = await caches.match(request, { cacheName: savedParts, ignoreVary: true }).catch(() => null)
  return saved ?? fetch(request)
}

/** Whether a URL ends in a file name that no page has. */
function isFile(url: string): boolean {
  return /\/[^/?]+\.(?!html?$|php$)\w+$/.test(url)
}
