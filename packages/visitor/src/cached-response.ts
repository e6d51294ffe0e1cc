/** Marks a request that the worker answers from the HTTP cache. Requests of the site's own scripts do not have it. */
export const cachedOnly = 'peerpress-cached'

/**
 * Returns what the HTTP cache has of a URL of this origin; another status than 200 means that it has nothing. No request
 * leaves the browser. The worker must control the page: a page's own failed request would be printed on its console.
 */
export function cachedResponse(url: string): Promise<Response> {
  return fetch(url, {
    cache: 'only-if-cached',
    mode: 'same-origin',
    priority: 'low',
    headers: { [cachedOnly]: '' },
  })
}
