import { maxUrlLength } from '@peerpress/wire'
import { Parser } from 'htmlparser2'

/** An entry of a sitemap: a page, or a further sitemap. Both values are as the file states them. */
export interface SitemapItem {
  readonly kind: 'page' | 'sitemap'
  readonly loc: string
  readonly lastmod: string | undefined
}

/** The rest of the file cannot be read. The message says why. */
export class UnreadableSitemap extends Error {
  override readonly name = 'UnreadableSitemap'
}

/** Maximum depth of open elements. The protocol has three. The parser's work at a tag grows with the depth. */
const maxDepth = 16
/** Maximum number of attributes of one element. */
const maxAttributes = 64
/** Maximum length of a value that is read. */
const maxValueLength = maxUrlLength + 64

const kinds: Readonly<Record<string, SitemapItem['kind']>> = { url: 'page', sitemap: 'sitemap' }

/**
 * Parses the text of one sitemap or sitemap index, piece by piece. It knows the entities of XML alone, and expands none
 * that the document declares. It tolerates errors of form: one unescaped `&` must not hide the other entries.
 */
export class SitemapParser {
  readonly #parser: Parser
  readonly #path: string[] = []
  #found: SitemapItem[] = []
  #values: { loc?: string; lastmod?: string } = {}
  #value = ''
  #attributes = 0
  #hasRoot = false
  #hasEnded = false

  constructor() {
    this.#parser = new Parser(
      {
        onopentagname: (name) => this.#open(localName(name)),
        onattribute: () => this.#countAttribute(),
        onclosetag: () => this.#close(),
        ontext: (text) => this.#read(text),
        onprocessinginstruction: (name, text) => {
          // The subset in brackets is where a document declares entities.
          if (name.toLowerCase() === '!doctype' && text.includes('[')) {
            throw new UnreadableSitemap('it declares entities, which sitemaps never need')
          }
        },
      },
      { xmlMode: true },
    )
  }

  /**
   * Returns the entries that end in this piece of the text.
   * @throws {UnreadableSitemap} if the file is no sitemap, or takes too much memory to parse.
   */
  write(text: string): readonly SitemapItem[] {
    this.#parser.write(text)
    return this.#take()
  }

  /**
   * Ends the text. An entry that it does not end is left out.
   * @throws {UnreadableSitemap} if the text has no element, or ends too early.
   */
  end(): void {
    if (!this.#hasRoot) throw new UnreadableSitemap('it has no XML elements')
    if (!this.#hasEnded) throw new UnreadableSitemap('it ends too early')
  }

  #take(): readonly SitemapItem[] {
    const found = this.#found
    this.#found = []
    return found
  }

  #open(name: string): void {
    if (!this.#hasRoot && name !== 'urlset' && name !== 'sitemapindex') {
      throw new UnreadableSitemap(`it is no sitemap: its first element is <${name.slice(0, 40)}>`)
    }
    if (this.#path.length >= maxDepth) throw new UnreadableSitemap('its elements are nested too deeply')
    this.#hasRoot = true
    this.#path.push(name)
    this.#attributes = 0
    this.#value = ''
    if (this.#path.length === 2) this.#values = {}
  }

  #countAttribute(): void {
    this.#attributes++
    if (this.#attributes > maxAttributes) throw new UnreadableSitemap('an element has too many attributes')
  }

  #read(text: string): void {
    const room = maxValueLength - this.#value.length
    if (this.#path.length === 3 && room > 0) this.#value += text.slice(0, room)
  }

  #close(): void {
    const [, item = '', field] = this.#path
    const depth = this.#path.length
    this.#path.pop()
    if (depth === 1) this.#hasEnded = true
    if (depth === 3 && (field === 'loc' || field === 'lastmod')) this.#values[field] ??= this.#value.trim()
    const kind = Object.hasOwn(kinds, item) ? kinds[item] : undefined
    const { loc, lastmod } = this.#values
    if (depth === 2 && kind !== undefined && loc !== undefined) this.#found.push({ kind, loc, lastmod })
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
