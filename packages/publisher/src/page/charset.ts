import { createRequire } from 'node:module'
import { TextDecoder } from '@exodus/bytes/encoding.js'
import { percentEncodeAfterEncoding } from '@exodus/bytes/whatwg.js'

const require = createRequire(import.meta.url)
/** The package has no types, so it is loaded with the type of the function that it exports. */
const sniffEncoding = require('html-encoding-sniffer') as (
  bytes: Uint8Array,
  options: { readonly xml: boolean; readonly transportLayerEncodingLabel?: string },
) => string

/** The text of a page, and its encoding as the Encoding standard names it. */
export interface DecodedPage {
  readonly text: string
  readonly encoding: string
}

/** The page is in an encoding that browsers refuse to decode, such as ISO-2022-KR. They show one character in its place. */
export class UnsupportedEncoding extends Error {
  override readonly name = 'UnsupportedEncoding'
}

/**
 * Decodes a page as browsers do: by its byte order mark, then by the `charset` of its header, then by its `meta`
 * elements or its XML declaration. The default of HTML is windows-1252, that of XHTML is UTF-8.
 * @throws {UnsupportedEncoding} for the `replacement` encoding of the Encoding standard.
 */
export function decodePage(
  bytes: Uint8Array,
  { charset, isXml }: { readonly charset: string | null; readonly isXml: boolean },
): DecodedPage {
  const label = charset === null ? {} : { transportLayerEncodingLabel: charset }
  const encoding = sniffEncoding(bytes, { xml: isXml, ...label })
  if (encoding === 'replacement') {
    throw new UnsupportedEncoding('browsers do not show pages in its encoding: save the page in UTF-8')
  }
  return { text: new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes), encoding }
}

/**
 * Returns a URL with its query in the page's encoding, as forms and links send it (URL standard, "percent-encode after
 * encoding"). The other parts of a URL are UTF-8 in any page.
 */
export function withEncodedQuery(url: string, encoding: string): string {
  if (isUnicode.test(encoding)) return url
  const [beforeFragment = ''] = url.split('#', 1)
  const start = beforeFragment.indexOf('?') + 1
  if (start === 0 || isAscii.test(beforeFragment.slice(start))) return url
  const query = beforeFragment
    .slice(start)
    .replace(/[\t\n\r]/g, '')
    .trimEnd()
  const encoded = percentEncodeAfterEncoding(encoding, query, ` "#'<>`)
  return beforeFragment.slice(0, start) + encoded + url.slice(beforeFragment.length)
}

/** Encodings whose pages send UTF-8. */
const isUnicode = /^utf-/i
const isAscii = /^[\0-\x7f]*$/
