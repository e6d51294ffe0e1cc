import type { PageConfig } from '@peerpress/wire'

const fetchTimeout = 10_000

/** Permission to join the swarm of the page's post. Rejects when the server gives none. */
export async function fetchTicket({ server, site, post }: PageConfig): Promise<string> {
  const query = new URLSearchParams({ site, post: post ?? '' })
  const signal = AbortSignal.timeout(fetchTimeout)
  const response = await fetch(`${server}/v1/ticket?${query}`, {
    credentials: 'omit',
    priority: 'low',
    signal,
  })
  const { ticket } = (await response.json()) as { readonly ticket?: unknown }
  if (!response.ok || typeof ticket !== 'string') throw new Error(`no ticket: ${response.status}`)
  return ticket
}
