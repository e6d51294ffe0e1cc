import type { PageConfig } from '@peerpress/wire'
import type { PageCall } from '../port-message.ts'

const fetchTimeout = 10_000

/** Permission to join the swarm of the page's post; the worker gets the lease that comes with it. Rejects when the server gives none. */
export async function fetchTicket({ server, site, post, key, mode }: PageConfig): Promise<string> {
  const query = new URLSearchParams({ site, post: post ?? '' })
  if (mode === 'seeds-only') query.set('meet', 'seeds')
  const signal = AbortSignal.timeout(fetchTimeout)
  const response = await fetch(`${server}/v1/ticket?${query}`, {
    credentials: 'omit',
    priority: 'low',
    signal,
  })
  const { ticket, lease } = (await response.json()) as { readonly ticket?: unknown; readonly lease?: unknown }
  if (!response.ok || typeof ticket !== 'string') throw new Error(`no ticket: ${response.status}`)
  if (typeof lease === 'string') {
    const said: PageCall = { peerpress: 'lease', lease, siteKey: key }
    navigator.serviceWorker.controller?.postMessage(said)
  }
  return ticket
}
