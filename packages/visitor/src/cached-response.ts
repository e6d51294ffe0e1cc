/** Marks a request that the worker answers from the HTTP cache. Requests of the site's own scripts do not have it. */
export const cachedOnly = 'peerpress-cached'

/**
 * Returns the HTTP cache's response for a URL of this origin. A status other than 200 means that the cache has none. No
 * request leaves the browser. The worker must control the page, because a page's own failed request would appear on its
 * console.
 */
export function cachedResponse(url: string): Promise<Response> {
  return fetch(url, {
    cache: 'only-if-cached',
    mode: 'same-origin',
    priority: 'low',
    headers: { [cachedOnly]: '' },
  })
}
