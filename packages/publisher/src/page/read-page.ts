import { isUtf8 } from 'node:buffer'
import { mediaAttributes, PageMedia } from './page-media.ts'
import { isOfferTag, offerAttributes, type PageOffer, readOffer } from './page-offer.ts'
import { readTags } from './read-tags.ts'

/** The bytes of a page, and what of it is of interest. */
export interface PageSource {
  readonly html: Uint8Array
  /** Where the page is. */
  readonly url: string
  /** Media on other origins are left out. */
  readonly origins: readonly string[]
  /** How many media are listed at most. */
  readonly maxMedia: number
}

export interface PageContent {
  /** The URLs of the page's media and downloads, in its order. */
  readonly media: readonly string[]
  /** Where the content of the body begins, bytes; null when the page has no `<body>` tag or is not UTF-8. */
  readonly body: number | null
  /** What the page's configuration for the loader says of assistance; null when it has none. */
  readonly offer: PageOffer | null
}

const wantedAttributes: ReadonlySet<string> = mediaAttributes.union(offerAttributes)

/** Reads a page in time proportional to its length. Runs in a thread of its own: see `createPageReader`. */
export function readPage({ html, url, origins, maxMedia }: PageSource): PageContent {
  const bytes = Buffer.from(html.buffer, html.byteOffset, html.byteLength)
  const text = bytes.toString()
  const media = new PageMedia()
  let body: number | null = null
  let offerStart: number | null = null
  readTags(text, wantedAttributes, (tag) => {
    if (isOfferTag(tag)) offerStart ??= tag.end
    if (tag.name === 'body') body ??= tag.end
    media.add(tag)
  })
  return {
    media: media.resolve(url, { origins, limit: maxMedia }),
    body: body !== null && isUtf8(bytes) ? Buffer.byteLength(text.slice(0, body)) : null,
    offer: offerStart === null ? null : readOffer(text, offerStart),
  }
}
