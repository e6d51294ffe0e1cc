import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import type { Widths } from './text-width.ts'

// Writes the advance widths of Arimo into a file of the package: `npm run widths -w packages/editorial`.

const folder = join(createRequire(import.meta.url).resolve('@fontsource/arimo/package.json'), '../files')
const alphabets = [
  'latin',
  'latin-ext',
  'greek',
  'greek-ext',
  'cyrillic',
  'cyrillic-ext',
  'hebrew',
  'vietnamese',
]

const advances = new Map<number, number>()
let unitsPerEm = 0
for (const alphabet of alphabets) {
  const font = tablesOf(readFileSync(join(folder, `arimo-${alphabet}-400-normal.woff`)))
  unitsPerEm = table(font, 'head').readUInt16BE(18)
  for (const [codePoint, glyph] of glyphsOf(table(font, 'cmap'))) {
    if (!advances.has(codePoint)) advances.set(codePoint, advanceOf(font, glyph))
  }
}
const runs: [number, number[]][] = []
for (const [codePoint, advance] of [...advances].toSorted(([a], [b]) => a - b)) {
  const last = runs.at(-1)
  if (last !== undefined && last[0] + last[1].length === codePoint) last[1].push(advance)
  else runs.push([codePoint, [advance]])
}
const widths: Widths = { unitsPerEm, runs }
writeFileSync(new URL('arimo-widths.json', import.meta.url), `${JSON.stringify(widths)}\n`)

/** Returns the tables of a WOFF file (W3C "WOFF File Format 1.0", sections 3-5). */
function tablesOf(woff: Buffer): ReadonlyMap<string, Buffer> {
  const tables = new Map<string, Buffer>()
  for (let i = 0; i < woff.readUInt16BE(12); i++) {
    const entry = 44 + 20 * i
    const [offset, stored, length] = [4, 8, 12].map((at) => woff.readUInt32BE(entry + at)) as [
      number,
      number,
      number,
    ]
    const bytes = woff.subarray(offset, offset + stored)
    tables.set(woff.toString('latin1', entry, entry + 4), stored < length ? inflateSync(bytes) : bytes)
  }
  return tables
}

function table(tables: ReadonlyMap<string, Buffer>, name: string): Buffer {
  const found = tables.get(name)
  if (found === undefined) throw new Error(`the font has no table ${name}`)
  return found
}

/** Returns the glyphs of the characters of the basic multilingual plane: OpenType's `cmap`, format 4. */
function glyphsOf(cmap: Buffer): [number, number][] {
  const subtables = Array.from({ length: cmap.readUInt16BE(2) }, (_, i) => cmap.readUInt32BE(4 + 8 * i + 4))
  const start = subtables.find((offset) => cmap.readUInt16BE(offset) === 4)
  if (start === undefined) throw new Error('the font has no cmap of format 4')
  const segments = cmap.readUInt16BE(start + 6) / 2
  const glyphs: [number, number][] = []
  for (let segment = 0; segment < segments; segment++) {
    const field = (part: number) => start + 14 + 2 * segment + 2 * segments * part + (part > 0 ? 2 : 0)
    const last = cmap.readUInt16BE(field(0))
    const first = cmap.readUInt16BE(field(1))
    const delta = cmap.readUInt16BE(field(2))
    const rangeOffset = cmap.readUInt16BE(field(3))
    for (let codePoint = first; codePoint <= last && codePoint < 0xffff; codePoint++) {
      const listed =
        rangeOffset === 0 ? codePoint : cmap.readUInt16BE(field(3) + rangeOffset + 2 * (codePoint - first))
      const glyph = listed === 0 ? 0 : (listed + delta) & 0xffff
      if (glyph !== 0) glyphs.push([codePoint, glyph])
    }
  }
  return glyphs
}

/** Returns a glyph's advance: OpenType's `hmtx`, whose last entry repeats. */
function advanceOf(tables: ReadonlyMap<string, Buffer>, glyph: number): number {
  const metrics = table(tables, 'hhea').readUInt16BE(34)
  return table(tables, 'hmtx').readUInt16BE(4 * Math.min(glyph, metrics - 1))
}
