import { isChallenge } from '@peerpress/publisher/page-thread'
import { decodePage, readPage } from '@peerpress/publisher/page-thread'
import type { PageTextContent } from '@peerpress/registry'
import { Readability } from '@mozilla/readability'
import { parseHTML } from 'linkedom'
import { canonicalLanguage } from '../language/canonical-language.ts'
import { languageOf } from '../language/detect-language.ts'
import { plain, type ReadNode, textSections } from './text-sections.ts'

/** The bytes of a post's page. */
export interface ArticleSource {
  readonly kind: 'page'
  readonly html: Uint8Array
  /** The `charset` of its header; null if it has none. */
  readonly charset: string | null
  readonly isXml: boolean
  readonly url: string
}

/** A page that was read, or why it was not. */
export type Article =
  { readonly failure: string } | { readonly failure: null; readonly content: PageTextContent }

/** Elements of a page beyond which it is refused: Readability's time grows with them. */
const maxElements = 50_000
/** characters */
const maxTitle = 500
const maxDescription = 2000

/**
 * Reads title, description, headings and text of a post's page. Menus, comments and other parts that are not the post are left out
 * (Mozilla's Readability).
 */
export function readArticle({ html, charset, isXml, url }: ArticleSource): Article {
  const bytes = Buffer.from(html.buffer, html.byteOffset, html.byteLength)
  const { offer } = readPage({ html, charset, isXml, url, origins: [], maxMedia: 0 })
  if (offer === null && isChallenge({ header: () => null, html: bytes })) {
    return { failure: 'A firewall responded in place of the page: allow the user agent "PeerPress".' }
  }
  const { text } = decodePage(bytes, { charset, isXml })
  if (hasTooManyTags(text)) return { failure: `The page has more than ${maxElements} elements.` }
  const { document } = parseHTML(text)
  const title = shortened(document.querySelector('title')?.textContent, maxTitle)
  const description = shortened(
    document.querySelector('meta[name="description" i]')?.getAttribute('content'),
    maxDescription,
  )
  const stated = document.documentElement?.getAttribute('lang') ?? null
  const firstHeading = shortened(document.querySelector('h1')?.textContent, maxTitle)
  const body = document.querySelector('article, main, body') ?? document.documentElement
  const whole = body === null ? [] : textSections(body)
  const article = new Readability<ReadNode>(document as never, {
    maxElemsToParse: maxElements,
    disableJSONLD: true,
    serializer: (node) => node,
  }).parse()
  const found = article?.content == null ? [] : textSections(article.content)
  // Readability finds nothing in a short post, or in one of pictures.
  const sections = found.length > 0 ? found : whole
  const content = {
    title,
    description,
    headline: firstHeading ?? shortened(article?.title, maxTitle),
    language: languageOf(sections.map((section) => section.text).join('\n'), canonicalLanguage(stated)),
    sections,
  }
  return { failure: null, content }
}

/** Counts before anything is parsed: each element has a tag that begins it. */
function hasTooManyTags(text: string): boolean {
  let count = 0
  for (const _ of text.matchAll(/<[a-z]/gi)) if (++count > maxElements) return true
  return false
}

function shortened(text: string | null | undefined, length: number): string | null {
  const short = plain((text ?? '').slice(0, 10 * length)).slice(0, length)
  return short === '' ? null : short.toWellFormed()
}
