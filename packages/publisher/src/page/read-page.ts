import { isUtf8 } from 'node:buffer'
import type { PageOffer } from '@peerpress/connectors'
import { decodePage } from './charset.ts'
import { mediaAttributes, PageMedia } from './page-media.ts'
import { isOfferTag, offerAttributes, readOffer } from './page-offer.ts'
import { readTags } from './read-tags.ts'

/** The bytes of a page, and the limits of its media. */
export interface PageSource {
  readonly html: Uint8Array
  /** The `charset` of its header. @default none */
  readonly charset?: string | null
  /** Whether the page is XHTML. @default false */
  readonly isXml?: boolean
  /** The URL of the page. */
  readonly url: string
  /** Media on other origins are left out. */
  readonly origins: readonly string[]
  /** Maximum number of listed media. */
  readonly maxMedia: number
}

export interface PageContent {
  /** The URLs of the page's media and downloads, in page order. */
  readonly media: readonly string[]
  /** URLs beyond `maxMedia`, at most {@link maxOmitted}. */
  readonly omitted: readonly string[]
  /** Offset of the body's content, bytes; null if the page has no `<body>` tag or is not UTF-8. */
  readonly body: number | null
  /** The offer of assistance in the page's configuration for the loader; null if there is none. */
  readonly offer: PageOffer | null
}

const wantedAttributes: ReadonlySet<string> = mediaAttributes.union(offerAttributes)

/** Reads a page in time proportional to its length. Runs in a separate thread: see `createPageReader`. */
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

/** Maximum number of media beyond the limit that are listed. */
const maxOmitted = 2000

/**
 * Returns the byte offset of a character. It is null if the encoding has several bytes per character and is not UTF-8.
 */
function byteOffset(
  { text, encoding, bytes }: { text: string; encoding: string; bytes: Buffer },
  index: number,
): number | null {
  if (encoding.toLowerCase() === 'utf-8') return Buffer.byteLength(text.slice(0, index))
  return text.length === bytes.length ? index : null
}
