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
  return signature === undefined ? type.startsWith('image/') : !signature.test(head.toString('hex'))
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

const isoMedia = /^.{8}66747970/
const png = /^89504e470d0a1a0a/
const jpeg = /^ffd8ff/
const icon = /^0000(?:01|02)00/

/** First bytes in hex, from the WHATWG MIME Sniffing standard, section 6. */
const signatures: Readonly<Record<string, RegExp>> = {
  'image/png': png,
  'image/apng': png,
  'image/jpeg': jpeg,
  'image/jpg': jpeg,
  'image/gif': /^47494638(?:37|39)61/,
  'image/webp': /^52494646.{8}57454250/,
  'image/avif': isoMedia,
  'image/heic': isoMedia,
  'image/bmp': /^424d/,
  'image/tiff': /^(?:49492a00|4d4d002a)/,
  'image/x-icon': icon,
  'image/vnd.microsoft.icon': icon,
  'video/mp4': isoMedia,
  'video/webm': /^1a45dfa3/,
  'audio/ogg': /^4f676753/,
  'video/ogg': /^4f676753/,
  'application/pdf': /^255044462d/,
}
