import { PublisherError } from '../publisher-error.ts'
import { decodePage, UnsupportedEncoding } from './charset.ts'
import { readTags, type Tag } from './read-tags.ts'

/** The description that a page gives of itself. All texts are foreign: they may have any length and any character. */
export interface PageAbout {
  /** `og:title`, else the `title` element; null if there is none. */
  readonly title: string | null
  /** `og:description`, else the `description`; null if there is none. */
  readonly description: string | null
  /** The `lang` of the `html` element; null if there is none. */
  readonly language: string | null
  /** `og:locale`, such as `de_AT`; null if there is none. */
  readonly locale: string | null
  /** `og:image` as an absolute URL; null if there is none. */
  readonly picture: string | null
  /** The canonical address as an absolute URL; null if there is none. */
  readonly canonical: string | null
  /** `article:tag` and `keywords`, at most {@link maxTopics}. */
  readonly topics: readonly string[]
}

const maxTopics = 50
const wanted: ReadonlySet<string> = new Set(['lang', 'name', 'property', 'content', 'rel', 'href'])

/**
 * Reads what a page says about itself, in time proportional to its length. `html` may be the start of a page.
 * @throws {PublisherError} `unsupported-encoding`
 */
export function readAbout({
  html,
  charset = null,
  isXml = false,
  url,
}: {
  readonly html: Uint8Array
  /** The `charset` of its header. @default none */
  readonly charset?: string | null
  /** Whether the page is XHTML. @default false */
  readonly isXml?: boolean
  /** The URL of the page. */
  readonly url: string
}): PageAbout {
  const text = textOf(html, { charset, isXml })
  const metas = new Map<string, string>()
  const topics: string[] = []
  let title: string | null = null
  let language: string | null = null
  let canonical: string | null = null
  const readMeta = ({ attributes }: Tag) => {
    const name = (attributes.get('property') ?? attributes.get('name') ?? '').trim().toLowerCase()
    const content = attributes.get('content')
    if (content === undefined) return
    if (name === 'article:tag') topics.push(content)
    else if (name === 'keywords') topics.push(...content.split(',', maxTopics))
    else if (known.has(name) && !metas.has(name)) metas.set(name, content)
  }
  readTags(text, wanted, {
    onTag: (tag) => {
      if (!tag.isInDocument || !tag.isHtml) return
      if (tag.name === 'html') language ??= tag.attributes.get('lang') ?? null
      else if (tag.name === 'meta') readMeta(tag)
      else if (tag.name === 'link' && isCanonical(tag)) canonical ??= tag.attributes.get('href') ?? null
    },
    onStyle: () => {},
    onTitle: (found) => {
      title ??= found
    },
  })
  const absolute = (address: string | null | undefined) =>
    address == null ? null : (URL.parse(address.trim(), url)?.href ?? null)
  return {
    title: metas.get('og:title') ?? title,
    description: metas.get('og:description') ?? metas.get('description') ?? null,
    language,
    locale: metas.get('og:locale') ?? null,
    picture: absolute(metas.get('og:image')),
    canonical: absolute(canonical),
    topics: topics.slice(0, maxTopics),
  }
}

function textOf(
  html: Uint8Array,
  options: { readonly charset: string | null; readonly isXml: boolean },
): string {
  try {
    return decodePage(html, options).text
  } catch (error) {
    if (error instanceof UnsupportedEncoding) throw new PublisherError('unsupported-encoding', error.message)
    throw error
  }
}

const known: ReadonlySet<string> = new Set([
  'og:title',
  'og:description',
  'og:locale',
  'og:image',
  'description',
])

function isCanonical({ attributes }: Tag): boolean {
  const rel = attributes.get('rel')?.toLowerCase() ?? ''
  return rel.split(/[\t\n\f\r ]/).includes('canonical')
}
