/**
 * ms since the Unix epoch that a UUID of version 7 was made at, by its maker's clock (RFC 9562); null of other
 * versions.
 */
export function viewIdTime(view: string): number | null {
  return view[14] === '7' ? Number.parseInt(view.slice(0, 8) + view.slice(9, 13), 16) : null
}
