/**
 * Whether a resource may travel between readers: media and downloads, never anything a browser runs or
 * renders as a document. SVG is left to the origin: it can carry script.
 */
export function isDeliverable(type: string, url: URL): boolean {
  if (activeExtension.test(url.pathname)) return false
  return /^(?:image|video|audio|font)\//.test(type) ? !type.endsWith('+xml') : isFile(type)
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

/** Whether it is a file to save or to open: pages do not show it as part of themselves. */
export function isFile(type: string): boolean {
  return type === unnamedBinary || (type.startsWith('application/') && !activeTypes.test(type))
}

/** The type that S3 gives to what was stored without one. Browsers treat it as `application/octet-stream`. */
const unnamedBinary = 'binary/octet-stream'

/** Scripts, markup and data that pages run on; whole names, because `openxmlformats` is an office file. */
const activeTypes =
  /^application\/(?:x-)?(?:javascript|ecmascript|json|xml|xhtml|wasm|shockwave-flash|httpd-php(?:-source)?|php|xml-dtd|xslt|web-app-manifest)$|\+(?:json|xml)$|-(?:json|xml|javascript)$|[./-]manifest$/

/**
 * The type that a browser shows bytes as when their answer names none, or a picture's type that is not theirs; else the
 * type that the answer names. null when there is neither.
 */
export function sniffedType(type: string | null, head: Buffer): string | null {
  const isPicture = type?.startsWith('image/') === true && type !== 'image/svg+xml'
  const isUnnamed = type === null || type === unnamedBinary
  if (!isUnnamed && !(isPicture && isMasquerading(type, head))) return type
  const known = isUnnamed ? [...pictures, ...otherMedia] : pictures
  const hex = head.toString('hex')
  return known.find(([, signature]) => signature.test(hex))?.[0] ?? type
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

/** What {@link sniffedType} finds: ISO media begin alike and are told by their brand. */
const pictures: readonly (readonly [type: string, signature: RegExp])[] = [
  ['image/png', png],
  ['image/jpeg', jpeg],
  ['image/gif', /^47494638(?:37|39)61/],
  ['image/webp', /^52494646.{8}57454250/],
  ['image/avif', /^.{8}667479706176(?:6966|6973)/],
  ['image/bmp', /^424d/],
  ['image/x-icon', icon],
]
const otherMedia: typeof pictures = [
  ['audio/mp4', /^.{8}667479704d3441/],
  // isom, iso2 to iso9, mp41, mp42, avc1, M4V
  ['video/mp4', /^.{8}66747970(?:69736f(?:6d|3[2-9])|6d70343[12]|61766331|4d3456)/],
  ['video/webm', /^1a45dfa3/],
  ['audio/mpeg', /^494433/],
  ['application/pdf', /^255044462d/],
]
