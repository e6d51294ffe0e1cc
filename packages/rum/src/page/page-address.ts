/**
 * Returns a page's address without query and fragment, at most 2048 characters. With `hashRoutes`, the route in a
 * fragment (`#/two`, `#!/two`) is included as `%23/two`, because an address in a report has no fragment.
 */
export function pageAddress(
  { origin, pathname, hash }: Pick<Location, 'origin' | 'pathname'> & Partial<Pick<Location, 'hash'>>,
  hashRoutes?: boolean,
): string {
  const [route] = (hashRoutes && /^#!?\/[^?#]*/.exec(hash ?? '')) || ['']
  // A path encodes more characters than a fragment does.
  return (route ? new URL(`${origin}${pathname}%23${route.slice(1)}`).href : `${origin}${pathname}`).slice(
    0,
    2048,
  )
}
