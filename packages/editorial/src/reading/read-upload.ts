import { isUtf8 } from 'node:buffer'
import { decodePage } from '@peerpress/publisher/page-thread'
import { CsvError, parse } from 'csv-parse/sync'
import { parseHTML } from 'linkedom'
import { detectLanguage } from '../language/detect-language.ts'
import { plain, type TextSection, textSections } from './text-sections.ts'
import { readRow, type TableRow } from './table-row.ts'

/** The bytes of an upload. */
export interface UploadSource {
  readonly kind: 'text' | 'table'
  readonly html: Uint8Array
}

/** What an upload says, or why it is refused. */
export type UploadContent =
  | { readonly refused: string }
  | { readonly refused: null; readonly language: string | null; readonly rows: readonly TableRow[] }

/** Characters of an item of a text: about a page of a book, so that a citation names a place. */
const itemLength = 2000
const maxColumns = 50
/** characters */
const maxRecord = 20_000
/** Largest share of control and replacement characters in a text. Beyond it, the file is binary or has another encoding. */
const maxStrange = 0.01

/** Reads an upload into items of plain text. HTML becomes its text; nothing in it is followed or run. */
export function readUpload({ kind, html }: UploadSource, maxItems: number): UploadContent {
  const text = decoded(html)
  if (text === null) {
    return { refused: 'It is no text in an encoding that is known. Save it as UTF-8 and upload it again.' }
  }
  const read = kind === 'text' ? textRows(text) : tableRows(text, maxItems)
  if (typeof read === 'string') return { refused: read }
  if (read.length === 0) return { refused: 'It is empty.' }
  if (read.length > maxItems) {
    return { refused: `It has more than ${maxItems} parts. Upload the part that posts need.` }
  }
  return { refused: null, language: detectLanguage(read.map((row) => row.text).join('\n')), rows: read }
}

/** Returns the text of a file: UTF-8, or what its byte order mark says, else windows-1252; null if it is none of them. */
function decoded(bytes: Uint8Array): string | null {
  const text = isUtf8(bytes)
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
    : decodePage(bytes, { charset: null, isXml: false }).text
  const strange = text.match(/[^\P{Cc}\t\n\v\f\r]|\ufffd/gu)?.length ?? 0
  return text.includes('\0') || strange > maxStrange * text.length ? null : text.replace(/^\ufeff/, '')
}

const tag =
  /<(?:!doctype|\/?(?:html|body|p|div|h[1-6]|ul|ol|li|a|b|i|em|strong|script|style|table|br|span|img)\b)/i

function textRows(text: string): TableRow[] {
  const sections = tag.test(text) ? htmlSections(text) : plainSections(text)
  return sections.flatMap(({ heading, text: body }) =>
    pieces(body).map((piece) => ({
      title: heading,
      text: piece,
      date: null,
      region: null,
      language: null,
      url: null,
    })),
  )
}

function htmlSections(text: string): TextSection[] {
  const { document } = parseHTML(`<!doctype html><html><body>${text}</body></html>`)
  return textSections(document.documentElement)
}

/** Returns the sections of a text whose headings are Markdown's. */
function plainSections(text: string): TextSection[] {
  const sections: { heading: string | null; paragraphs: string[] }[] = [{ heading: null, paragraphs: [] }]
  for (const paragraph of text.split(/\r?\n[ \t]*\r?\n/)) {
    const [first = '', ...rest] = paragraph.trim().split(/\r?\n/)
    const heading = /^#{1,6} /.test(first) ? plain(first.replace(/^#{1,6} /, '')).slice(0, 300) : null
    if (heading !== null) sections.push({ heading, paragraphs: [] })
    const body = plain((heading === null ? [first, ...rest] : rest).join(' '))
    if (body !== '') sections.at(-1)?.paragraphs.push(body)
  }
  return sections
    .filter(({ paragraphs }) => paragraphs.length > 0)
    .map(({ heading, paragraphs }) => ({ heading, text: paragraphs.join('\n\n') }))
}

/** Cuts a text into items: at paragraphs, or, if one is too long, at a space. */
function pieces(text: string): string[] {
  const found: string[] = []
  let piece = ''
  for (const paragraph of text.split('\n\n')) {
    if (piece !== '' && piece.length + paragraph.length + 2 > itemLength) {
      found.push(piece)
      piece = ''
    }
    let left = paragraph
    while (left.length > itemLength) {
      const space = left.lastIndexOf(' ', itemLength)
      const end = space > itemLength / 2 ? space : itemLength
      found.push(left.slice(0, end).toWellFormed().trim())
      left = left.slice(end).trimStart()
    }
    piece = piece === '' ? left : `${piece}\n\n${left}`
  }
  return [...found, piece].filter((each) => each !== '')
}

function tableRows(text: string, maxItems: number): TableRow[] | string {
  let records: string[][]
  try {
    records = parse(text, {
      delimiter: delimiterOf(text),
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      max_record_size: maxRecord,
      to: maxItems + 2,
    })
  } catch (error) {
    if (error instanceof CsvError) return `It is no table of comma-separated values (${error.code}).`
    throw error
  }
  const [header = [], ...rows] = records
  if (header.length > maxColumns) return `It has more than ${maxColumns} columns.`
  if (header.length < 2) return 'It has fewer than two columns. Upload it as a text.'
  const names = header.map((name) => plain(withoutTags(name)).slice(0, 80))
  return rows.flatMap(
    (cells) =>
      readRow(
        names,
        cells.map((cell) => plain(withoutTags(cell))),
      ) ?? [],
  )
}

function withoutTags(cell: string): string {
  if (!tag.test(cell)) return cell
  return htmlSections(cell)
    .map((section) => section.text)
    .join(' ')
}

/** Returns the delimiter that the first line has most often. */
function delimiterOf(text: string): string {
  const header = text.slice(0, maxRecord).split(/[\r\n]/, 1)[0] ?? ''
  const [most = ','] = [',', ';', '\t'].toSorted((a, b) => header.split(b).length - header.split(a).length)
  return most
}
