/** A page's address without query and fragment, at most 2048 characters. */
export function pageAddress({ origin, pathname }: Pick<Location, 'origin' | 'pathname'>): string {
  return `${origin}${pathname}`.slice(0, 2048)
}
