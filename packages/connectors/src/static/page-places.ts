import { finished } from 'node:stream/promises'
import { pageConfigElementId, pageScriptsMark } from '@peerpress/wire'
import { type EndTag, SAXParser, type StartTag } from 'parse5-sax-parser'

/** Places in the HTML of a page. Offsets are in characters. */
export interface PagePlaces {
  /** Whether it is a whole page: it has a doctype, an `<html>` or a `<body>` tag. */
  readonly isDocument: boolean
  /** The end of the body's content. */
  readonly end: number
  /** The marked scripts, each with the line end after it, in order. */
  readonly marked: readonly (readonly [start: number, end: number])[]
  /** Value of the first mark; null if there is none. */
  readonly mark: string | null
  /** Whether the page has a configuration without a mark. */
  readonly hasOwnConfig: boolean
  /** Whether it is an AMP page, which may not have scripts of its own. */
  readonly isAmp: boolean
  /** Whether it leads to another page at once, so that nobody reads it. */
  readonly isRedirect: boolean
}

/** Maximum depth of SVG and MathML in each other. The parser's work at each of their tags grows with the depth. */
const maxForeignDepth = 500

/**
 * Finds the places of a page as the HTML standard parses it, in time proportional to its length. Returns null if its
 * drawings are nested too deeply.
 */
export async function findPlaces(html: string): Promise<PagePlaces | null> {
  const parser = new SAXParser({ sourceCodeLocationInfo: true })
  const finder = new PlaceFinder(html)
  parser.on('doctype', () => finder.foundDocument())
  parser.on('startTag', (tag) => {
    finder.start(tag)
    if (finder.isTooDeep) parser.stop()
  })
  parser.on('endTag', (tag) => finder.end(tag))
  parser.end(html)
  await finished(parser, { readable: false })
  return finder.isTooDeep ? null : finder.places()
}

/** Collects the places while a parser reports the tags of a page in order. */
class PlaceFinder {
  readonly #html: string
  readonly #marked: [start: number, end: number][] = []
  #templates = 0
  #drawings = 0
  #isDocument = false
  #bodyEnd: number | null = null
  #documentEnd: number | null = null
  #mark: string | null = null
  #hasOwnConfig = false
  #isAmp = false
  #isRedirect = false
  /** Start of the marked script that is open. */
  #open: number | null = null

  constructor(html: string) {
    this.#html = html
  }

  get isTooDeep(): boolean {
    return this.#drawings > maxForeignDepth
  }

  foundDocument(): void {
    this.#isDocument = true
  }

  start(tag: StartTag): void {
    switch (tag.tagName) {
      case 'html':
        this.#isDocument = true
        this.#isAmp ||= ampNames.some((name) => attributeOf(tag, name) !== null)
        break
      case 'body':
        this.#isDocument = true
        break
      case 'meta':
        this.#isRedirect ||= isRefresh(tag)
        break
      case 'template':
        this.#templates++
        break
      case 'svg':
      case 'math':
        if (!tag.selfClosing) this.#drawings++
        break
      case 'script':
        this.#startScript(tag)
    }
  }

  end({ tagName, sourceCodeLocation: place }: EndTag): void {
    switch (tagName) {
      case 'template':
        this.#templates = Math.max(0, this.#templates - 1)
        break
      case 'svg':
      case 'math':
        this.#drawings = Math.max(0, this.#drawings - 1)
        break
      // The end tag of the body within a template means nothing.
      case 'body':
        if (this.#templates === 0) this.#bodyEnd = place?.startOffset ?? null
        break
      case 'html':
        if (this.#templates === 0) this.#documentEnd = place?.startOffset ?? null
        break
      case 'script':
        if (place != null) this.#endScript(place.endOffset)
    }
  }

  places(): PagePlaces {
    return {
      isDocument: this.#isDocument,
      end: this.#bodyEnd ?? this.#documentEnd ?? this.#html.length,
      marked: this.#marked,
      mark: this.#mark,
      hasOwnConfig: this.#hasOwnConfig,
      isAmp: this.#isAmp,
      isRedirect: this.#isRedirect,
    }
  }

  #startScript(tag: StartTag): void {
    const mark = attributeOf(tag, pageScriptsMark)
    if (mark === null) {
      this.#hasOwnConfig ||= attributeOf(tag, 'id') === pageConfigElementId
      return
    }
    this.#mark ??= mark
    this.#open = tag.sourceCodeLocation?.startOffset ?? null
  }

  #endScript(end: number): void {
    if (this.#open === null) return
    this.#marked.push([this.#open, this.#html[end] === '\n' ? end + 1 : end])
    this.#open = null
  }
}

/** The attributes of `<html>` that declare an AMP page. The second one is a lightning in UTF-8, one character per byte. */
const ampNames = ['amp', Buffer.from('\u26a1').toString('latin1')]

function isRefresh(tag: StartTag): boolean {
  const isRefreshing = attributeOf(tag, 'http-equiv')?.trim().toLowerCase() === 'refresh'
  // Without a URL, the page loads itself again.
  return isRefreshing && /url\s*=/i.test(attributeOf(tag, 'content') ?? '')
}

function attributeOf({ attrs }: StartTag, name: string): string | null {
  return attrs.find((attribute) => attribute.name === name)?.value ?? null
}
