/**
 * Returns whether readers may exchange a resource: media and downloads, but nothing that a browser runs or renders as a
 * document. SVG is refused, because it can contain scripts.
 */
export function isDeliverable(type: string, url: URL): boolean {
  if (activeExtension.test(url.pathname)) return false
  return /^(?:image|video|audio|font)\//.test(type) ? !type.endsWith('+xml') : isFile(type)
}

/**
 * Returns whether the first bytes of a resource contradict its type: they are markup, or not the named picture type.
 */
export function isMasquerading(type: string, head: Buffer): boolean {
  if (markup.test(head.toString('latin1'))) return true
  const signature = signatures[type]
  return signature === undefined ? type.startsWith('image/') : !signature.test(head.toString('hex'))
}

/** Number of first bytes that {@link isMasquerading} reads. */
export const headLength = 64

const activeExtension =
  /\.(?:html?|xhtml|shtml|php\d?|phtml|m?js|cjs|css|json|xml|xsl|xslt|svgz?|wasm|swf|map)$/i

/** Returns whether the resource is a file to save or open, which pages do not embed. */
export function isFile(type: string): boolean {
  return type === unnamedBinary || (type.startsWith('application/') && !activeTypes.test(type))
}

/** The type that S3 assigns to files stored without one. Browsers treat it as `application/octet-stream`. */
const unnamedBinary = 'binary/octet-stream'

/**
 * Types of scripts, markup and data that pages run or depend on. Whole names are matched, because `openxmlformats` is
 * an office file.
 */
const activeTypes =
  /^application\/(?:x-)?(?:javascript|ecmascript|json|xml|xhtml|wasm|shockwave-flash|httpd-php(?:-source)?|php|xml-dtd|xslt|web-app-manifest)$|\+(?:json|xml)$|-(?:json|xml|javascript)$|[./-]manifest$/

/**
 * Returns the type that a browser uses for bytes. If the response names no type, or a wrong picture type, it is the
 * type of their signature. Otherwise it is the response's type. null if neither is known.
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

/** Signatures that {@link sniffedType} detects. ISO media start alike and are distinguished by their brand. */
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
