import type { Asset } from '@peerpress/wire'
import type { PageCall, WorkerCall } from '../port-message.ts'
import { answerRequest } from './answer-request.ts'
import { forgetLease, leaseLapsed, renewLease } from './lease.ts'
import { PageLink } from './page-link.ts'
import {
  continuesPlayback,
  isFileNavigation,
  isMediaRequest,
  isSavedType,
  withoutFragment,
} from './request-match.ts'

declare const self: ServiceWorkerGlobalScope

const links = new Map<string, PageLink>()
/** Pages that were asked to connect, so that a page without PeerPress is asked once only. */
const called = new Set<string>()
/** Who waits for a page to connect. */
const arrivals = new Map<string, () => void>()
/** ms that a player's request waits for its page to connect. */
const arrivalTimeout = 500

// The first page view is the one that counts: do not wait for the next one.
self.addEventListener('install', (event) => event.waitUntil(self.skipWaiting()))
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('message', (event) => {
  const page = event.source
  const said = event.data as PageCall | null
  if (!(page instanceof Client) || !said?.peerpress) return
  const [port] = event.ports
  if (said.peerpress === 'page' && port) {
    links.get(page.id)?.close()
    links.set(page.id, new PageLink(port, said))
    arrivals.get(page.id)?.()
    event.waitUntil(Promise.all([renewLease(Date.now()), forgetGonePages()]))
  } else if (!links.has(page.id)) {
    call(page)
  }
})

self.addEventListener('fetch', (event) => {
  const { request, clientId } = event
  if (request.mode === 'navigate') event.waitUntil(leaveWhenLapsed())
  const { origin } = self.location
  const url = withoutFragment(request.url)
  if (isMediaRequest(request, origin)) {
    const link = links.get(clientId)
    if (link) answer(event, link.asset(url), link)
    else if (continuesPlayback(request)) event.respondWith(answerAfterCall(event, url))
    else event.waitUntil(callPage(clientId))
  } else if (isFileNavigation(request, origin)) {
    // Such a request has no client: any page that knows the file will do.
    for (const link of links.values()) {
      const asset = link.asset(url)
      if (asset && isSavedType(asset.type)) return answer(event, asset, link)
    }
  }
})

function answer(event: FetchEvent, asset: Asset | undefined, link: PageLink): void {
  const response = asset && answerRequest(event.request, asset, link)
  if (response) event.respondWith(response)
}

/**
 * The worker was restarted while a player plays: only the page knows whether the beginning was the worker's answer, so
 * that the rest must be one too.
 */
async function answerAfterCall({ request, clientId }: FetchEvent, url: string): Promise<Response> {
  const arrived = new Promise<void>((resolve) => arrivals.set(clientId, resolve))
  await callPage(clientId)
  await Promise.race([arrived, new Promise((wake) => setTimeout(wake, arrivalTimeout))])
  arrivals.delete(clientId)
  const link = links.get(clientId)
  const asset = link?.asset(url)
  const response = link && asset && answerRequest(request, asset, link)
  return response ?? fetch(request)
}

/** The worker was restarted: the page that asks may have a manifest to tell it. */
async function callPage(clientId: string): Promise<void> {
  if (called.has(clientId)) return
  called.add(clientId)
  const page = await self.clients.get(clientId)
  if (page) call(page)
}

function call(page: Client): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a Client is no Window, and is ours
  page.postMessage({ peerpress: 'connect' } satisfies WorkerCall)
}

async function forgetGonePages(): Promise<void> {
  for (const [id, link] of links) {
    if (await self.clients.get(id)) continue
    link.close()
    links.delete(id)
  }
}

async function leaveWhenLapsed(): Promise<void> {
  if (!(await leaseLapsed(Date.now()))) return
  await forgetLease()
  await self.registration.unregister()
}
