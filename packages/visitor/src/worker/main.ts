import type { Asset } from '@peerpress/wire'
import { cachedOnly } from '../cached-response.ts'
import type { PageCall, WorkerCall } from '../port-message.ts'
import { withoutFragment } from '../without-fragment.ts'
import { answerRequest } from './answer-request.ts'
import { leaseLapsed, renewLease } from './lease.ts'
import { PageLink } from './page-link.ts'
import { PageLinks } from './page-links.ts'
import { Players } from './players.ts'
import {
  continuesPlayback,
  isFileNavigation,
  isMediaRequest,
  isPlayback,
  isSavedType,
} from './request-match.ts'
import { SavedPages } from './saved-pages.ts'
import { clearStorage } from './storage.ts'

declare const self: ServiceWorkerGlobalScope

const links = new PageLinks()
const players = new Players(links)
const saved = new SavedPages()
/** ms that the media of a saved copy wait for their page. Without the page only the origin could answer, which is down. */
const savedPatience = 10_000
/** Pages that were requested to connect, so that a page without PeerPress gets one request only. */
const called = new Set<string>()

// Helps the first page view, so it does not wait for the next one.
self.addEventListener('install', (event) => event.waitUntil(self.skipWaiting()))
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('message', (event) => {
  const page = event.source
  const said = event.data as PageCall | null
  if (!(page instanceof Client) || !said?.peerpress) return
  const [port] = event.ports
  if (said.peerpress === 'page' && port) {
    event.waitUntil(connect(page, port, said))
  } else if (said.peerpress === 'lease') {
    // An invalid lease changes nothing.
    event.waitUntil(renewLease(said, Date.now()).catch(() => {}))
  } else if (said.peerpress === 'saved') {
    saved.add(said.url)
  } else if (!links.get(page.id)) {
    event.waitUntil(callPages())
  }
})

self.addEventListener('fetch', (event) => {
  const { request, clientId } = event
  if (request.headers.has(cachedOnly)) {
    // Browsers print a page's failed request on its console, but not a worker's.
    event.respondWith(fetch(request).catch(() => new Response(null, { status: 204 })))
    return
  }
  const leaving = request.mode === 'navigate' ? leaveWhenLapsed().catch(() => {}) : Promise.resolve()
  event.waitUntil(leaving)
  const { origin } = self.location
  const url = withoutFragment(request.url)
  const link = links.get(clientId)
  // For other origins, the worker answers for listed assets and continues players that it may have begun before a restart.
  const isListed = link ? link.asset(url) !== undefined : continuesPlayback(request)
  if (isMediaRequest(request, isListed ? new URL(url).origin : origin)) {
    if (!link) event.waitUntil(callPage(clientId))
    const arriving = !link && saved.has(clientId) ? links.arrival(clientId, savedPatience) : undefined
    if (isPlayback(request)) players.answer(event, url, arriving)
    else if (link) answer(event, link.asset(url), link)
    else if (arriving) event.respondWith(answerLater(request, url, arriving))
  } else if (saved.answer(event, url, leaving)) {
    return
  } else if (isFileNavigation(request, origin)) {
    // Such a request has no client, so any page whose manifest lists the file is used.
    for (const other of links.all()) {
      const asset = other.asset(url)
      if (asset && isSavedType(asset.type)) return answer(event, asset, other)
    }
  }
})

function answer(event: FetchEvent, asset: Asset | undefined, link: PageLink): void {
  const response = asset && answerRequest(event.request, asset, link)
  if (response) event.respondWith(response)
}

/** Answers a request of a page that was just opened from its saved copy. */
async function answerLater(
  request: Request,
  url: string,
  arriving: Promise<PageLink | undefined>,
): Promise<Response> {
  const link = await arriving
  const asset = link?.asset(url)
  return (link && asset && answerRequest(request, asset, link)) || fetch(request)
}

async function connect(
  { id }: Client,
  port: MessagePort,
  { post, leads, begun }: Extract<PageCall, { peerpress: 'page' }>,
): Promise<void> {
  await players.begun(id, begun)
  const link = new PageLink(port, post, links)
  links.put(id, link)
  if (leads) links.lead(link)
  await Promise.all([links.forgetGone(isThere), players.forgetGone(isThere)])
}

/** Requests all pages to connect: the worker was restarted, so it has no link to this page and no leading page. */
async function callPage(clientId: string): Promise<void> {
  if (called.has(clientId)) return
  called.add(clientId)
  await callPages()
}

async function callPages(): Promise<void> {
  for (const page of await self.clients.matchAll()) {
    if (links.get(page.id)) continue
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a Client is no Window, and is ours
    page.postMessage({ peerpress: 'connect' } satisfies WorkerCall)
  }
}

async function isThere(client: string): Promise<boolean> {
  return (await self.clients.get(client)) !== undefined
}

async function leaveWhenLapsed(): Promise<void> {
  if (!(await leaseLapsed(Date.now()))) return
  await clearStorage()
  await self.registration.unregister()
}
