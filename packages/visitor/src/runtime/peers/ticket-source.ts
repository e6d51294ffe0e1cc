import type { PageConfig } from '@peerpress/wire'
import type { PageCall } from '../../port-message.ts'

const fetchTimeout = 10_000

/**
 * Returns a ticket for the swarm of the page's post, and sends the lease in the same response to the worker. Returns null if
 * the site's policy is now stricter than the page states. Rejects if the server issues none for another reason.
 */
export async function fetchTicket(config: PageConfig): Promise<string | null> {
  const { server, site, post, key, mode, consent } = config
  const query = new URLSearchParams({ site, post: post ?? '', mode, consent })
  // Servers of release 0.1 read only this field.
  if (mode === 'seeds-only') query.set('meet', 'seeds')
  const signal = AbortSignal.timeout(fetchTimeout)
  const response = await fetch(`${server}/v1/ticket?${query}`, {
    credentials: 'omit',
    priority: 'low',
    signal,
  })
  const { ticket, lease, code } = (await response.json()) as Readonly<Record<string, unknown>>
  if (code === 'policy-changed') return null
  if (!response.ok || typeof ticket !== 'string') throw new Error(`no ticket: ${response.status}`)
  if (typeof lease === 'string') {
    const said: PageCall = { peerpress: 'lease', lease, siteKey: key }
    navigator.serviceWorker.controller?.postMessage(said)
  }
  return ticket
}
