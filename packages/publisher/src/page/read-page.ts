import { isUtf8 } from 'node:buffer'
import { decodePage } from './charset.ts'
import { mediaAttributes, PageMedia } from './page-media.ts'
import { isOfferTag, offerAttributes, type PageOffer, readOffer } from './page-offer.ts'
import { readTags } from './read-tags.ts'

/** The bytes of a page, and what of it is of interest. */
export interface PageSource {
  readonly html: Uint8Array
  /** The `charset` of its header. @default none */
  readonly charset?: string | null
  /** It is XHTML. @default false */
  readonly isXml?: boolean
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
  /** URLs beyond `maxMedia`, at most {@link maxOmitted}. */
  readonly omitted: readonly string[]
  /** Where the content of the body begins, bytes; null when the page has no `<body>` tag or is not UTF-8. */
  readonly body: number | null
  /** What the page's configuration for the loader says of assistance; null when it has none. */
  readonly offer: PageOffer | null
}

const wantedAttributes: ReadonlySet<string> = mediaAttributes.union(offerAttributes)

/** Reads a page in time proportional to its length. Runs in a thread of its own: see `createPageReader`. */
export function readPage({
  html,
  charset = null,
  isXml = false,
  url,
  origins,
  maxMedia,
}: PageSource): PageContent {
  const bytes = Buffer.from(html.buffer, html.byteOffset, html.byteLength)
  const { text, encoding } = decodePage(bytes, { charset, isXml })
  const media = new PageMedia()
  let body: number | null = null
  let offerStart: number | null = null
  readTags(text, wantedAttributes, {
    onTag: (tag) => {
      if (isOfferTag(tag)) offerStart ??= tag.end
      if (tag.name === 'body') body ??= tag.end
      media.add(tag)
    },
    onStyle: (style) => media.addStyle(style),
  })
  const limit = maxMedia + maxOmitted
  const found = media.resolve(url, { origins, limit, encoding })
  return {
    media: found.slice(0, maxMedia),
    omitted: found.slice(maxMedia),
    body: body !== null && isUtf8(bytes) ? byteOffset({ text, encoding, bytes }, body) : null,
    offer: offerStart === null ? null : readOffer(text, offerStart),
  }
}

/** How many media beyond the limit are named. */
const maxOmitted = 2000

/** null where characters and bytes cannot be told apart: the encoding has several bytes a character and is not UTF-8. */
function byteOffset(
  { text, encoding, bytes }: { text: string; encoding: string; bytes: Buffer },
  index: number,
): number | null {
  if (encoding.toLowerCase() === 'utf-8') return Buffer.byteLength(text.slice(0, index))
  return text.length === bytes.length ? index : null
}
