/**
 * Returns when a UUID of version 7 was created by the clock of its creator (RFC 9562), ms since the Unix epoch; null
 * for other versions.
 */
export function viewIdTime(view: string): number | null {
  return view[14] === '7' ? Number.parseInt(view.slice(0, 8) + view.slice(9, 13), 16) : null
}
