import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2'
import { ForeignContent } from './foreign-content.ts'

/** An opening tag of a page. */
export interface Tag {
  /** In lower case. */
  readonly name: string
  /** The requested attributes. Of a repeated attribute, the first one counts. */
  readonly attributes: ReadonlyMap<string, string>
  /** Index after the tag's `>`. */
  readonly end: number
  /** False within `template` and `noscript`. Browsers that run scripts do not add those contents to the document. */
  readonly isInDocument: boolean
  /** Whether the element is HTML and not part of SVG or MathML. */
  readonly isHtml: boolean
}

/** The callbacks of {@link readTags}. */
export interface PageParts {
  readonly onTag: (tag: Tag) => void
  /** Called with the text of a `style` element. */
  readonly onStyle: (text: string) => void
  /** Called with the text of a `title` element outside of SVG. @default titles are not collected */
  readonly onTitle?: (text: string) => void
}

/**
 * Reports each opening tag of a page with its `wanted` attributes, and its style elements.
 *
 * It uses htmlparser2's tokenizer instead of its parser. The parser moves and searches its list of open elements at
 * each tag, so the work for a page of nested tags would grow with the square of its length.
 */
export function readTags(html: string, wanted: ReadonlySet<string>, parts: PageParts): void {
  const tokenizer = new Tokenizer({}, callbacks(html, wanted, parts))
  tokenizer.write(html)
  tokenizer.end()
}

function callbacks(
  html: string,
  wanted: ReadonlySet<string>,
  { onTag, onStyle, onTitle }: PageParts,
): TokenizerCallbacks {
  const longest = Math.max(...Array.from(wanted, (name) => name.length))
  const foreign = new ForeignContent()
  let name = ''
  let attributes = new Map<string, string>()
  // Null while the value of an unwanted attribute is read.
  let attribute: string | null = null
  let value = ''
  const nameAt = (start: number, end: number) => html.slice(start, end).toLowerCase()
  // Number of open elements whose contents are not in the document.
  let hidden = 0
  // The text of the open style element.
  let style: string[] | null = null
  const endTag = (index: number) => {
    const isHtml = !foreign.isCurrent
    onTag({ name, attributes, end: index + 1, isInDocument: hidden === 0, isHtml })
  }
  const endStyle = () => {
    if (style !== null) onStyle(style.join(''))
    style = null
  }
  // Whether the last opened element is within SVG or MathML. The content of SVG's title is HTML.
  let isWithinForeign = false
  // The text of the open title element.
  let title: string[] | null = null
  const endTitle = () => {
    if (title !== null) onTitle?.(title.join(''))
    title = null
  }
  return {
    isInForeignContext: () => foreign.isCurrent,
    onopentagname: (start, end) => {
      const written = nameAt(start, end)
      isWithinForeign = foreign.isCurrent
      foreign.open(written)
      name = written === 'image' && !foreign.isCurrent ? 'img' : written
      attributes = new Map()
    },
    onattribname: (start, end) => {
      const written = end - start > longest ? '' : nameAt(start, end)
      attribute = wanted.has(written) && !attributes.has(written) ? written : null
      value = ''
    },
    onattribdata: (start, end) => {
      if (attribute !== null) value += html.slice(start, end)
    },
    onattribentity: (code) => {
      if (attribute !== null) value += String.fromCodePoint(code)
    },
    onattribend: () => {
      if (attribute !== null) attributes.set(attribute, value)
    },
    onopentagend: (index) => {
      endTag(index)
      if (hiding.has(name)) hidden++
      if (name === 'style') style = []
      if (name === 'title' && onTitle !== undefined && !isWithinForeign) title = []
    },
    onselfclosingtag: (index) => {
      // `/` is ignored in HTML.
      const isHtml = !foreign.isCurrent
      endTag(index)
      if (isHtml && hiding.has(name)) hidden++
      foreign.closeItself(name)
    },
    onclosetag: (start, end) => {
      const closed = nameAt(start, end)
      foreign.close(closed)
      if (hiding.has(closed) && hidden > 0) hidden--
      if (closed === 'style') endStyle()
      if (closed === 'title') endTitle()
    },
    oncdata: ignore,
    oncomment: ignore,
    ondeclaration: ignore,
    onend: () => {
      endStyle()
      endTitle()
    },
    onprocessinginstruction: ignore,
    ontext: (start, end) => (style ?? title)?.push(html.slice(start, end)),
    ontextentity: (code) => title?.push(String.fromCodePoint(code)),
  }
}

const hiding = new Set(['template', 'noscript'])

function ignore(): void {}
