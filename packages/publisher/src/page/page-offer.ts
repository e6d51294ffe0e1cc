import type { PageOffer } from '@peerpress/connectors'
import type { Tag } from './read-tags.ts'

/**
 * `id` of the element that carries the configuration. It duplicates `pageConfigElementId` of wire: loading wire in the
 * thread that reads pages would take 15 MB.
 */
export const offerElementId = 'peerpress-config'

/** Maximum length of a configuration that the loader accepts, characters. */
const maxLength = 16 * 1024

/** The attributes that {@link isOfferTag} reads. */
export const offerAttributes: ReadonlySet<string> = new Set(['id'])

/** Returns whether the tag opens the element that carries the configuration. */
export function isOfferTag({ name, attributes }: Tag): boolean {
  return name === 'script' && attributes.get('id') === offerElementId
}

/**
 * Returns the offer of the element whose content starts at `start`; null if it is invalid. Its other fields are ignored,
 * because plugins of any release write them.
 */
export function readOffer(html: string, start: number): PageOffer | null {
  // In the script element `<` is escaped, so the first `<` belongs to the end tag.
  const [text = ''] = html.slice(start, start + maxLength).split('<', 1)
  const { site, post, mode } = parseObject(text)
  const isOffer =
    typeof site === 'string' && (typeof post === 'string' || post === null) && typeof mode === 'string'
  return isOffer ? { site, post, mode } : null
}

/** Returns the members of a JSON object; none for any other text. */
function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
