import type { Tag } from './read-tags.ts'

/** What the configuration in a page says of assistance, whatever else it has: plugins of any release wrote it. */
export interface PageOffer {
  readonly site: string
  /** null on a page that shows no post that may leave the CMS. */
  readonly post: string | null
  readonly mode: string
}

/**
 * `id` of the element that carries the configuration. As `pageConfigElementId` of wire, which the thread that reads pages
 * does not load: it would take 15 MB more.
 */
export const offerElementId = 'peerpress-config'

/** The longest configuration that the loader takes, characters. */
const maxLength = 16 * 1024

/** The attributes that {@link isOfferTag} reads. */
export const offerAttributes: ReadonlySet<string> = new Set(['id'])

/** Whether the tag opens the element that carries the configuration. */
export function isOfferTag({ name, attributes }: Tag): boolean {
  return name === 'script' && attributes.get('id') === offerElementId
}

/** The offer whose element's content begins at `start`; null when it is none. */
export function readOffer(html: string, start: number): PageOffer | null {
  // In a script element `<` is escaped, so that the first one is the end tag's.
  const [text = ''] = html.slice(start, start + maxLength).split('<', 1)
  const { site, post, mode } = parseObject(text)
  const isOffer =
    typeof site === 'string' && (typeof post === 'string' || post === null) && typeof mode === 'string'
  return isOffer ? { site, post, mode } : null
}

/** Its members, none when it is no JSON object. */
function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
