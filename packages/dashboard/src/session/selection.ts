import { isTimeRangeName, type TimeRangeName } from '../report/time-range.ts'

/** The selection of the page. It is in the address, so that a reload and a shared link show the same. */
export interface Selection {
  /** null: the first site. */
  readonly siteId: string | null
  readonly range: TimeRangeName
}

/** Parses a fragment such as `#site=…&range=week`. */
export function parseSelection(hash: string): Selection {
  const params = new URLSearchParams(hash.slice(1))
  const range = params.get('range')
  return { siteId: params.get('site'), range: isTimeRangeName(range) ? range : 'day' }
}

/** Returns the fragment that {@link parseSelection} parses. */
export function formatSelection({ siteId, range }: Selection): string {
  return `#${new URLSearchParams({ ...(siteId !== null && { site: siteId }), range })}`
}
