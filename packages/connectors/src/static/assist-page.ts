import { createHash } from 'node:crypto'
import { findPlaces, type PagePlaces } from './page-places.ts'

/** Why a page stays as it is. */
export type PageRefusal = 'no-page' | 'own-configuration' | 'amp' | 'redirect' | 'encoding' | 'unreadable'

/** A page without the scripts of an earlier run, and the place of the new ones. */
export interface BarePage {
  readonly html: Buffer
  /** Offset in `html`, bytes. */
  readonly end: number
  /** Names the content: 16 hex digits of the SHA-256 of `html`. */
  readonly mark: string
}

/**
 * Removes the scripts that an earlier run inserted into a page. Every other byte stays.
 *
 * The bytes are parsed as one character each. In UTF-8 and in all encodings of the web that extend ASCII, the characters
 * of tags are single bytes.
 */
export async function bareOf(page: Buffer): Promise<BarePage | PageRefusal> {
  if (hasWideCharacters(page)) return 'encoding'
  const places = await findPlaces(page.toString('latin1'))
  if (places === null) return 'unreadable'
  if (!places.isDocument) return 'no-page'
  if (places.hasOwnConfig) return 'own-configuration'
  if (places.isAmp) return 'amp'
  if (places.isRedirect) return 'redirect'
  return withoutMarked(page, places)
}

function withoutMarked(page: Buffer, { marked, end }: PagePlaces): BarePage {
  const pieces: Buffer[] = []
  let from = 0
  let bareEnd = end
  for (const [start, stop] of marked) {
    pieces.push(page.subarray(from, start))
    from = stop
    if (stop <= end) bareEnd -= stop - start
  }
  const html = Buffer.concat([...pieces, page.subarray(from)])
  return { html, end: bareEnd, mark: createHash('sha256').update(html).digest('hex').slice(0, 16) }
}

/** Returns the page with scripts, which are in ASCII, at the end of its body. */
export function withScripts({ html, end }: BarePage, scripts: string): Buffer {
  return Buffer.concat([html.subarray(0, end), Buffer.from(scripts), html.subarray(end)])
}

/**
 * Returns whether the scripts in a page are elements, and the next run will find exactly them. They are not if the page
 * ends in an open comment or element whose content is text.
 */
export async function isReadBack(page: Buffer, bare: BarePage): Promise<boolean> {
  const places = await findPlaces(page.toString('latin1'))
  if (places?.mark !== bare.mark || places.marked.length !== 2) return false
  const { html, end } = withoutMarked(page, places)
  return html.equals(bare.html) && end === bare.end
}

/** Returns the mark of the scripts in a page; null if it has none. */
export async function markOf(page: Buffer): Promise<string | null> {
  return (await findPlaces(page.toString('latin1')))?.mark ?? null
}

/** Returns whether the page is in UTF-16 or UTF-32. */
function hasWideCharacters(page: Buffer): boolean {
  const [first, second] = page
  return (
    (first === 0xff && second === 0xfe) ||
    (first === 0xfe && second === 0xff) ||
    page.subarray(0, 256).includes(0)
  )
}
