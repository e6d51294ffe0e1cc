import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2'
import { ForeignContent } from './foreign-content.ts'

/** An opening tag of a page. */
export interface Tag {
  /** In lower case. */
  readonly name: string
  /** The attributes that were asked for; of one that is repeated, the first. */
  readonly attributes: ReadonlyMap<string, string>
  /** Where the tag ends, the index after its `>`. */
  readonly end: number
}

/**
 * Calls `onTag` for each opening tag of a page, with those of its attributes whose names are `wanted`.
 *
 * Uses htmlparser2's tokenizer and not its parser: the parser's list of open elements is moved and searched at each
 * tag, so that the work for a page of nested tags grows with the square of its length.
 */
export function readTags(html: string, wanted: ReadonlySet<string>, onTag: (tag: Tag) => void): void {
  const tokenizer = new Tokenizer({}, callbacks(html, wanted, onTag))
  tokenizer.write(html)
  tokenizer.end()
}

function callbacks(html: string, wanted: ReadonlySet<string>, onTag: (tag: Tag) => void): TokenizerCallbacks {
  const longest = Math.max(...Array.from(wanted, (name) => name.length))
  const foreign = new ForeignContent()
  let name = ''
  let attributes = new Map<string, string>()
  // Null while the value of an attribute that nobody wants is read.
  let attribute: string | null = null
  let value = ''
  const nameAt = (start: number, end: number) => html.slice(start, end).toLowerCase()
  const endTag = (index: number) => onTag({ name, attributes, end: index + 1 })
  return {
    isInForeignContext: () => foreign.isCurrent,
    onopentagname: (start, end) => {
      const written = nameAt(start, end)
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
    onopentagend: endTag,
    onselfclosingtag: (index) => {
      endTag(index)
      foreign.closeItself(name)
    },
    onclosetag: (start, end) => foreign.close(nameAt(start, end)),
    oncdata: ignore,
    oncomment: ignore,
    ondeclaration: ignore,
    onend: ignore,
    onprocessinginstruction: ignore,
    ontext: ignore,
    ontextentity: ignore,
  }
}

function ignore(): void {}
