/** Parts of a path that the name of a template has at most. */
const maxParts = 2

/**
 * Returns the template that an address is of: its folders without its last part, numbers as `#`. A CMS renders the addresses of one
 * folder by one template: `/2026/05/tea/` is of `/#/#/*`, `/product/pot` of `/product/*`. Null for a text that is no address.
 */
export function templateOf(url: string): string | null {
  const path = URL.parse(url)?.pathname
  if (path === undefined) return null
  const parts = path.split('/').filter((part) => part !== '')
  if (parts.length === 0) return '/'
  const folders = parts.slice(0, Math.min(maxParts, parts.length - 1))
  return `/${[...folders.map((part) => (/^\d+$/.test(part) ? '#' : part)), '*'].join('/')}`
}
