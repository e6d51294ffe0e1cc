/** The media type of a `Content-Type` header in lower case without parameters, or null. */
export function parseMediaType(header: string | null): string | null {
  const type = header?.split(';')[0]?.trim().toLowerCase() ?? ''
  return /^[a-z0-9.+-]+\/[a-z0-9.+-]+$/.test(type) && type.length <= 128 ? type : null
}

/**
 * Whether a resource may travel between readers: media and downloads, never anything a browser runs or
 * renders as a document. SVG is left to the origin: it can carry script.
 */
export function isDeliverable(type: string, url: URL): boolean {
  if (activeExtension.test(url.pathname)) return false
  return /^(?:image|video|audio|font)\//.test(type) ? !type.endsWith('+xml') : isDownload(type)
}

/** Whether the first bytes of a resource belie its type: markup, or not the picture it says it is. */
export function isMasquerading(type: string, head: Buffer): boolean {
  if (markup.test(head.toString('latin1'))) return true
  const signature = signatures[type]
  return signature === undefined ? type.startsWith('image/') : !signature.test(head.toString('latin1'))
}

/** How many first bytes {@link isMasquerading} looks at. */
export const headLength = 64

const activeExtension =
  /\.(?:html?|xhtml|shtml|php\d?|phtml|m?js|cjs|css|json|xml|xsl|xslt|svgz?|wasm|swf|map)$/i

function isDownload(type: string): boolean {
  return (
    type.startsWith('application/') &&
    !/(?:javascript|ecmascript|json|xml|xhtml|wasm|flash|php|manifest)/.test(type)
  )
}

const markup =
  /^(?:\xef\xbb\xbf)?\s*<(?:!doctype|!--|\?xml|\?php|html|head|body|script|style|svg|iframe|title|meta|link|a\s)/i

/** First bytes as Latin-1, from the WHATWG MIME Sniffing standard, section 6. */
const signatures: Readonly<Record<string, RegExp>> = {
  'image/png': /^\x89PNG\r\n\x1a\n/,
  'image/apng': /^\x89PNG\r\n\x1a\n/,
  'image/jpeg': /^\xff\xd8\xff/,
  'image/jpg': /^\xff\xd8\xff/,
  'image/gif': /^GIF8[79]a/,
  'image/webp': /^RIFF[^]{4}WEBPVP/,
  'image/avif': /^[^]{4}ftyp/,
  'image/heic': /^[^]{4}ftyp/,
  'image/bmp': /^BM/,
  'image/tiff': /^(?:II\*\0|MM\0\*)/,
  'image/x-icon': /^\0\0[\x01\x02]\0/,
  'image/vnd.microsoft.icon': /^\0\0[\x01\x02]\0/,
  'video/mp4': /^[^]{4}ftyp/,
  'video/webm': /^\x1a\x45\xdf\xa3/,
  'audio/ogg': /^OggS/,
  'video/ogg': /^OggS/,
  'application/pdf': /^%PDF-/,
}
