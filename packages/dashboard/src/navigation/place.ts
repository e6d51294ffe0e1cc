/** What a path of the dashboard shows. */
export type Place =
  | {
      readonly kind:
        | 'all-sites'
        | 'sign-in'
        | 'welcome'
        | 'you'
        | 'accounts'
        | 'log'
        | 'moderation'
        | 'search-console'
        | 'unknown'
    }
  /** `page` is the path of one of the site's pages, such as `regions`; empty for its overview. */
  | { readonly kind: 'site'; readonly siteId: string; readonly page: string }

/** Returns the place of a path under the dashboard's root, such as `/sites/ID/regions`. */
export function placeOf(path: string): Place {
  const [first, siteId, page = '', ...rest] = path.split('/').filter((segment) => segment !== '')
  if (first === undefined) return { kind: 'all-sites' }
  const isAlone = siteId === undefined
  if (isAlone && isSinglePage(first)) return { kind: first }
  if (first === 'sites' && siteId !== undefined && rest.length === 0 && /^[a-z0-9]+$/.test(siteId)) {
    return { kind: 'site', siteId, page }
  }
  return { kind: 'unknown' }
}

function isSinglePage(name: string): name is (typeof singlePages)[number] {
  return (singlePages as readonly string[]).includes(name)
}

const singlePages = ['sign-in', 'welcome', 'you', 'accounts', 'log', 'moderation', 'search-console'] as const

/** Returns the path of a site's page. */
export function sitePath(siteId: string, page = ''): string {
  return page === '' ? `/sites/${siteId}` : `/sites/${siteId}/${page}`
}

/**
 * Returns the path and query for a link of earlier releases, which had the site and the range in the fragment; null for
 * any other fragment.
 */
export function pathOfOldLink(hash: string): string | null {
  const params = new URLSearchParams(hash.slice(1))
  const [siteId, range] = [params.get('site'), params.get('range')]
  if (siteId === null && range === null) return null
  const path = siteId !== null && /^[a-z0-9]+$/.test(siteId) ? sitePath(siteId) : '/'
  return range === null ? path : `${path}?${new URLSearchParams({ range })}`
}

/** The address of the editor of queries, which is no page of the dashboard. */
export const graphPath = '/graphql'

/** Pages that signing in continues at. */
const continued: readonly string[] = ['all-sites', 'site', 'you', 'accounts', 'log', 'moderation']

/** Returns a path of the dashboard that a link asks to continue at. Any other text, such as another site's address, is `/`. */
export function continuation(text: string | null): string {
  if (text === null || !text.startsWith('/') || !URL.canParse(text, 'http://dashboard')) return '/'
  const { origin, pathname, search } = new URL(text, 'http://dashboard')
  if (text === graphPath) return graphPath
  const { kind } = placeOf(pathname)
  return origin === 'http://dashboard' && continued.includes(kind) ? pathname + search : '/'
}
