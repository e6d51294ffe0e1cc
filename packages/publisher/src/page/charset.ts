// oxlint-disable-next-line typescript/triple-slash-reference -- other packages compile this file without that one
/// <reference path="./html-encoding-sniffer.d.ts" />
import { TextDecoder } from '@exodus/bytes/encoding.js'
import { percentEncodeAfterEncoding } from '@exodus/bytes/whatwg.js'
import sniffEncoding from 'html-encoding-sniffer'

/** The text of a page, and its encoding as the Encoding standard names it. */
export interface DecodedPage {
  readonly text: string
  readonly encoding: string
}

/**
 * Decodes a page as browsers do: by its byte order mark, then by the `charset` of its header, then by its `meta`
 * elements or its XML declaration. The default of HTML is windows-1252, that of XHTML is UTF-8.
 */
export function decodePage(
  bytes: Uint8Array,
  { charset, isXml }: { readonly charset: string | null; readonly isXml: boolean },
): DecodedPage {
  const label = charset === null ? {} : { transportLayerEncodingLabel: charset }
  const encoding = sniffEncoding(bytes, { xml: isXml, ...label })
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
const isUnicode = /^(?:utf-|replacement)/i
const isAscii = /^[\0-\x7f]*$/
