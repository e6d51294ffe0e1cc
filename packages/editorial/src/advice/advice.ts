import type { PageFields, PageText } from '@peerpress/registry'

/** A page that was read. */
export type ReadPage = PageText & { readonly content: NonNullable<PageText['content']> }

/** What can be wrong with the title or the description of a page. */
export const adviceKinds = [
  'title-missing',
  'title-duplicate',
  'title-truncated',
  'description-missing',
  'description-duplicate',
  'description-truncated',
] as const
export type AdviceKind = (typeof adviceKinds)[number]

/** Whether advice of a kind is about the title; else it is about the description. */
export function isAboutTitle(kind: AdviceKind): boolean {
  return kind.startsWith('title')
}

/** Something to improve in what search engines show of a page. */
export interface Advice {
  readonly kind: AdviceKind
  readonly post: string
  readonly url: string
  /** What the public page has. */
  readonly shown: PageFields
  /** How wide a search engine shows the text, CSS pixels; 0 if there is none. */
  readonly pixels: number
  /** The maximum that is shown without being cut, CSS pixels. */
  readonly maxPixels: number
  /** Posts that have the same text. Empty if it is no duplicate. */
  readonly sameAs: readonly string[]
  /** A text made of the page's own words; null if they give none, so that a person has to write it. */
  readonly proposal: string | null
}
