import { answerRequest } from './answer-request.ts'
import type { PageLinks } from './page-links.ts'
import { fetchReadable, ownResponse } from './plain-answer.ts'
import { continuesPlayback } from './request-match.ts'
import { openStorage } from './storage.ts'

type Beginning = 'network' | 'worker'

const storedPath = '/peerpress-player'
/** ms for which a page that is not there may come back with its players: browsers keep left pages for less. */
const keptTime = 60 * 60 * 1000

/**
 * Answers players. Chromium's refuses a response that comes from elsewhere than the first one of that URL in that page
 * did: the network, or a worker that made it. So what began at the network stays there, and what a worker began to
 * answer gets nothing but a worker's own responses, from peers or not, even from a worker that was restarted since.
 */
export class Players {
  readonly #links: PageLinks
  readonly #beginnings = new Map<string, Beginning>()
  #restoring: Promise<void> | undefined
  #isRestored = false

  constructor(links: PageLinks) {
    this.#links = links
  }

  /** Answers a player's request, or leaves it to the network. `ready`: what must come first, if anything. */
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

  /** A page says which URLs its players have begun with: unless a worker answered, the network did. */
  async begun(client: string, urls: readonly string[]): Promise<void> {
    await this.#restored()
    for (const url of urls) this.#begin(client, url, 'network')
  }

  /** Forgets the players of pages that are no more and cannot come back. */
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
    // The origin sent the player on to another one: no worker can make such a response.
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
      // Storage is switched off: then there is nothing to know.
    }
    this.#isRestored = true
  }
}

function keyOf(client: string, url: string): string {
  return `${client} ${url}`
}

/** Remembers that a worker began to answer; a browser that stores nothing can only hope that the worker lives on. */
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
