import { pageConfigElementId } from '@peerpress/wire'
import * as v from 'valibot'
import type { Tag } from './read-tags.ts'

/** What the configuration in a page says of assistance, whatever else it has: plugins of any release wrote it. */
const offerSchema = v.object({
  site: v.string(),
  /** null on a page that shows no post that may leave the CMS. */
  post: v.nullable(v.string()),
  mode: v.string(),
})
export type PageOffer = v.InferOutput<typeof offerSchema>

/** The longest configuration that the loader takes, characters. */
const maxLength = 16 * 1024

/** The attributes that {@link isOfferTag} reads. */
export const offerAttributes: ReadonlySet<string> = new Set(['id'])

/** Whether the tag opens the element that carries the configuration. */
export function isOfferTag({ name, attributes }: Tag): boolean {
  return name === 'script' && attributes.get('id') === pageConfigElementId
}

/** The offer whose element's content begins at `start`; null when it is none. */
export function readOffer(html: string, start: number): PageOffer | null {
  // In a script element `<` is escaped, so that the first one is the end tag's.
  const [text = ''] = html.slice(start, start + maxLength).split('<', 1)
  try {
    const read = v.safeParse(offerSchema, JSON.parse(text))
    return read.success ? read.output : null
  } catch {
    return null
  }
}
