import type { PostSummary } from '@peerpress/registry'
import type { Dimension } from '@peerpress/store'

const countries = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' })

/** Returns a dimension's value for people, in English. */
export function labelOf(
  { by, key }: { readonly by: Dimension; readonly key: string | null },
  post: PostSummary | null,
): string {
  if (key === null) return 'Unknown'
  if (by === 'country') return countryName(key)
  if (by === 'post') return post?.url ?? `Post ${key}`
  return key
}

function countryName(code: string): string {
  try {
    return countries.of(code) ?? code
  } catch {
    // A row may have any text in place of a code.
    return code
  }
}
