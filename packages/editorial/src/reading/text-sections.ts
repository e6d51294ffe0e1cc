/** A part of a text with the heading above it. */
export interface TextSection {
  /** Null before the first heading. */
  readonly heading: string | null
  /** Plain text. Paragraphs are separated by an empty line. */
  readonly text: string
}

/** What is read of a node of a document. */
export interface ReadNode {
  readonly nodeType: number
  readonly nodeName: string
  readonly nodeValue: string | null
  readonly firstChild: ReadNode | null
  readonly nextSibling: ReadNode | null
  readonly parentNode: ReadNode | null
}

const textNode = 3
const skipped = new Set(['SCRIPT', 'STYLE', 'TEMPLATE', 'NOSCRIPT', 'IFRAME', 'SVG', 'NAV', 'FORM', 'BUTTON'])
const headings = new Set(['H1', 'H2', 'H3', 'H4', 'H5', 'H6'])
const blocks = new Set(
  'P DIV LI UL OL TR TABLE BLOCKQUOTE PRE FIGURE FIGCAPTION SECTION ARTICLE DD DT BR HR MAIN ASIDE HEADER FOOTER'.split(
    ' ',
  ),
)

/** characters of all sections of a page, and of a heading */
const maxText = 100_000
const maxHeading = 300
const maxSections = 200

/** Returns the text below a node by heading, in time proportional to the number of nodes. */
export function textSections(root: ReadNode): TextSection[] {
  const reader = new SectionReader()
  let node: ReadNode | null = root
  while (node !== null && !reader.isFull()) {
    const name = node.nodeName.toUpperCase()
    const isSkipped = skipped.has(name)
    if (node.nodeType === textNode) reader.text(node.nodeValue ?? '')
    else if (!isSkipped) reader.begin(name)
    if (!isSkipped && node.firstChild !== null) {
      node = node.firstChild
      continue
    }
    while (node !== null && node !== root && node.nextSibling === null) {
      reader.end(node.nodeName.toUpperCase())
      node = node.parentNode
    }
    if (node === null || node === root) break
    reader.end(node.nodeName.toUpperCase())
    node = node.nextSibling
  }
  return reader.sections()
}

class SectionReader {
  readonly #done: TextSection[] = []
  #heading: string | null = null
  #isHeading = false
  #paragraphs: string[] = []
  #line = ''
  #length = 0

  isFull(): boolean {
    return this.#length >= maxText || this.#done.length >= maxSections
  }

  text(value: string): void {
    const left = value.slice(0, maxText - this.#length)
    this.#line += left
    this.#length += left.length
  }

  begin(name: string): void {
    if (headings.has(name)) {
      this.#endSection()
      this.#isHeading = true
    } else if (blocks.has(name)) this.#endLine()
  }

  end(name: string): void {
    if (headings.has(name)) {
      const heading = plain(this.#line).slice(0, maxHeading)
      this.#heading = heading === '' ? this.#heading : heading
      this.#line = ''
      this.#isHeading = false
    } else if (blocks.has(name)) this.#endLine()
  }

  sections(): TextSection[] {
    this.#endSection()
    return this.#done
  }

  #endLine(): void {
    if (this.#isHeading) {
      this.#line += ' '
      return
    }
    const line = plain(this.#line)
    if (line !== '') this.#paragraphs.push(line)
    this.#line = ''
  }

  #endSection(): void {
    this.#endLine()
    if (this.#paragraphs.length > 0) {
      this.#done.push({ heading: this.#heading, text: this.#paragraphs.join('\n\n') })
    }
    this.#paragraphs = []
    this.#line = ''
  }
}

/** Returns a text on one line without control and invisible characters, well-formed. */
export function plain(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zs}\u2028\u2029]+/gu, ' ')
    .replaceAll(/[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu, '')
    .trim()
}
