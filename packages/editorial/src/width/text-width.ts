import { readFileSync } from 'node:fs'

/** Advance widths of a font. */
export interface Widths {
  readonly unitsPerEm: number
  /** Runs of code points: the first, and the advance of each. */
  readonly runs: readonly (readonly [number, readonly number[]])[]
}

/**
 * Maximum widths that Google shows on a desktop, CSS pixels. Google publishes none: these are what its results pages show. A title
 * is 20 px Arial on one line of about 580 px, a description 14 px Arial on two lines of about 460 px each.
 */
export const shownWidth = { title: 580, description: 920 } as const

/** Font sizes of Google's results pages on a desktop, CSS pixels. */
export const shownSize = { title: 20, description: 14 } as const

const widths = JSON.parse(readFileSync(new URL('arimo-widths.json', import.meta.url), 'utf8')) as Widths
const advances = new Map(
  widths.runs.flatMap(([first, run]) => run.map((advance, index) => [first + index, advance] as const)),
)

/**
 * Returns how wide a text is in Arial, CSS pixels, without kerning. The widths are those of Arimo, which has the metrics of Arial.
 * A character that Arimo lacks counts as one em if it is East Asian or a pictograph, else as the digit zero.
 * @param size the font size, CSS pixels
 */
export function textWidth(text: string, size: number): number {
  let units = 0
  for (const character of text.normalize('NFC')) {
    units += advances.get(character.codePointAt(0) ?? 0) ?? fallback(character)
  }
  return Math.round((units / widths.unitsPerEm) * size * 10) / 10
}

const zeroWidth = /[\p{Mn}\p{Me}\p{Cf}]/u
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}\u3000-\u303f\uff01-\uff60]/u

function fallback(character: string): number {
  if (zeroWidth.test(character)) return 0
  return wide.test(character) ? widths.unitsPerEm : (advances.get(0x30) ?? 0)
}

/** Returns the text cut at a word so that it is at most so wide, with an ellipsis if it was cut. */
export function cutToWidth(text: string, size: number, maxWidth: number): string {
  if (textWidth(text, size) <= maxWidth) return text
  const words = text.split(' ')
  let [low, high] = [0, words.length]
  while (low < high - 1) {
    const middle = (low + high) >> 1
    if (textWidth(ellipsed(words.slice(0, middle)), size) <= maxWidth) low = middle
    else high = middle
  }
  return low > 0 ? ellipsed(words.slice(0, low)) : cutWord(words[0] ?? '', size, maxWidth)
}

function ellipsed(words: readonly string[]): string {
  return `${words.join(' ').replace(/[\s,;:.–—-]{1,8}$/u, '')}…`
}

/** A text without a space, such as a Japanese one, is cut between its characters. */
function cutWord(word: string, size: number, maxWidth: number): string {
  let cut = ''
  let width = textWidth('…', size)
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(word)) {
    width += textWidth(segment, size)
    if (width > maxWidth) break
    cut += segment
  }
  return `${cut}…`
}
