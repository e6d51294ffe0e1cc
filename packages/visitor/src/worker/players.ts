import { answerRequest } from './answer-request.ts'
import type { PageLinks } from './page-links.ts'
import { fetchReadable, ownResponse } from './plain-answer.ts'
import { continuesPlayback } from './request-match.ts'
import { openStorage } from './storage.ts'

type Beginning = 'network' | 'worker'

const storedPath = '/peerpress-player'
/** ms for which a left page may return with its players. Browsers keep left pages for a shorter time. */
const keptTime = 60 * 60 * 1000

/**
 * Answers requests of players. Chromium's player accepts only responses of the same kind as the first response for that URL
 * in that page: from the network, or made by a worker. So a load that began with the network stays with it. A load that a
 * worker began gets only responses that a worker made, from any source, even after a restart of the worker.
 */
export class Players {
  readonly #links: PageLinks
  readonly #beginnings = new Map<string, Beginning>()
  #restoring: Promise<void> | undefined
  #isRestored = false

  constructor(links: PageLinks) {
    this.#links = links
  }

  /** Answers a player's request, or leaves it to the network. `ready`: resolves before the answer begins. */
  answer(event: FetchEvent, url: string, ready?: Promise<unknown>): void {
    if (!this.#isRestored || ready) {
      const { request } = event
      const begin = Promise.all([this.#restored(), ready])
      event.respondWith(begin.then(() => this.#decide(event, url) ?? fetch(request)))
      return
    }
    const answer = this.#decide(event, url)
    if (answer) event.respondWith(answer)
  }

  /** Notes URLs that a page's players have begun. Unless a worker answered, the network did. */
  async begun(client: string, urls: readonly string[]): Promise<void> {
    await this.#restored()
    for (const url of urls) this.#begin(client, url, 'network')
  }

  /** Removes the players of closed pages that cannot return. */
  async forgetGone(isThere: (client: string) => Promise<boolean>): Promise<void> {
    const storage = await openStorage()
    for (const stored of await storage.keys()) {
      const player = readStored(stored.url)
      if (!player || Date.now() - player.at < keptTime || (await isThere(player.client))) continue
      await storage.delete(stored)
      this.#beginnings.delete(keyOf(player.client, player.url))
    }
  }

  #decide(event: FetchEvent, url: string): Promise<Response> | null {
    const { request, clientId } = event
    const beginning = this.#beginnings.get(keyOf(clientId, url))
    if (beginning === 'worker') return this.#goOn(request, { client: clientId, url })
    const link = this.#links.get(clientId)
    const asset = link?.asset(url)
    const isFirst = beginning === undefined && !continuesPlayback(request)
    const answer = isFirst && link && asset && answerRequest(request, asset, link)
    this.#begin(clientId, url, answer ? 'worker' : 'network')
    if (!answer) return null
    event.waitUntil(this.#remember(answer, { client: clientId, url }))
    return answer
  }

  async #remember(
    answer: Promise<Response>,
    { client, url }: { readonly client: string; readonly url: string },
  ): Promise<void> {
    const response = await answer.catch(() => null)
    // The origin redirected the player to another origin, and no worker can make such a response.
    if (response?.status === 0) this.#beginnings.set(keyOf(client, url), 'network')
    else await store(client, url)
  }

  async #goOn(
    request: Request,
    { client, url }: { readonly client: string; readonly url: string },
  ): Promise<Response> {
    const link = await this.#links.arrival(client)
    const asset = link?.asset(url)
    const answer = link && asset && answerRequest(request, asset, link)
    return answer || ownResponse(await fetchReadable(request))
  }

  #begin(client: string, url: string, beginning: Beginning): void {
    const key = keyOf(client, url)
    if (!this.#beginnings.has(key)) this.#beginnings.set(key, beginning)
  }

  #restored(): Promise<void> {
    return (this.#restoring ??= this.#restore())
  }

  async #restore(): Promise<void> {
    try {
      const storage = await openStorage()
      for (const stored of await storage.keys()) {
        const player = readStored(stored.url)
        if (player) this.#begin(player.client, player.url, 'worker')
      }
    } catch {
      // Storage is disabled, so nothing was stored.
    }
    this.#isRestored = true
  }
}

function keyOf(client: string, url: string): string {
  return `${client} ${url}`
}

/** Stores that a worker began the answer. If the browser stores nothing, a restart of the worker ends the load. */
async function store(client: string, url: string): Promise<void> {
  const query = new URLSearchParams({ client, url, at: `${Date.now()}` })
  await openStorage()
    .then((storage) => storage.put(`${storedPath}?${query}`, new Response()))
    .catch(() => {})
}

function readStored(
  stored: string,
): { readonly client: string; readonly url: string; readonly at: number } | null {
  const { pathname, searchParams } = new URL(stored)
  const client = searchParams.get('client')
  const url = searchParams.get('url')
  return pathname === storedPath && client && url ? { client, url, at: Number(searchParams.get('at')) } : null
}
