import { useLocation } from 'preact-iso/router'
import { basePath } from './base-path.ts'
import { type Place, placeOf } from './place.ts'

/** Where the reader is, and how to go elsewhere. */
export interface Navigation {
  readonly place: Place
  /** The path under the dashboard's root, such as `/sites/ID`. */
  readonly path: string
  readonly query: URLSearchParams
  /** Shows another path and query. `replace` leaves no entry in the history. */
  readonly go: (path: string, options?: { readonly replace?: boolean }) => void
}

export function usePlace(): Navigation {
  const { url, route } = useLocation()
  const { pathname, searchParams } = new URL(url, location.origin)
  const path = `/${pathname.slice(basePath.length)}`
  return {
    place: placeOf(path),
    path,
    query: searchParams,
    go: (target, { replace = false } = {}) => route(hrefOf(target), replace),
  }
}

/** Returns the address for a link to a path under the dashboard's root. */
export function hrefOf(path: string): string {
  return basePath + path.slice(1)
}
