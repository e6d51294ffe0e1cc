import { domainToUnicode } from 'node:url'
import unhomoglyph from 'unhomoglyph'

/**
 * Returns the skeleton of a host (Unicode Technical Standard 39, section 4): hosts with one skeleton look alike. The table is that
 * of the package `unhomoglyph`, which is made from Unicode's `confusables.txt`.
 */
export function skeletonOf(host: string): string {
  const mapped = unhomoglyph(unicodeOf(host).normalize('NFD')).normalize('NFD')
  // The table maps some letters to capitals, which are confusable themselves, such as 0 to O.
  return unhomoglyph(mapped.toLowerCase()).normalize('NFD')
}

/** The spelling of a host for people. */
export interface ShownHost {
  readonly text: string
  /** Whether an international host is shown in punycode, because its letters could be mistaken for others. */
  readonly isPunycode: boolean
}

/**
 * Returns how a host is shown. International labels are shown in their own letters if each label is of one script (UTS 39,
 * "highly restrictive"), if its letters do not all look like ASCII, and if no other host looks the same.
 * @param hasDouble whether another member site has the same skeleton
 */
export function shownHost(host: string, hasDouble: boolean): ShownHost {
  const unicode = unicodeOf(host)
  if (unicode === host) return { text: host, isPunycode: false }
  const isSafe = !hasDouble && unicode.split('.').every((label) => isAscii.test(label) || isDistinct(label))
  return isSafe ? { text: unicode, isPunycode: false } : { text: host, isPunycode: true }
}

/** Returns a host with its international labels in Unicode; unchanged if it has none, or an invalid one. */
function unicodeOf(host: string): string {
  return domainToUnicode(host) || host
}

const isAscii = /^[\0-\x7f]*$/

/** Whether a label is of one script, and does not look like an ASCII label. */
function isDistinct(label: string): boolean {
  return scriptSets.some((set) => set.test(label)) && !isAscii.test(skeletonOf(label))
}

const common = String.raw`\p{Script=Common}\p{Script=Inherited}`
const oneOf = (...scripts: readonly string[]) =>
  new RegExp(`^[${common}${scripts.map((script) => String.raw`\p{scx=${script}}`).join('')}]+$`, 'u')

/** The scripts that a label may have: one recommended script of UAX 31, or the combinations that UTS 39 allows. */
const scriptSets: readonly RegExp[] = [
  ...[
    'Latin',
    'Greek',
    'Cyrillic',
    'Armenian',
    'Hebrew',
    'Arabic',
    'Devanagari',
    'Bengali',
    'Gurmukhi',
    'Gujarati',
    'Oriya',
    'Tamil',
    'Telugu',
    'Kannada',
    'Malayalam',
    'Sinhala',
    'Thai',
    'Lao',
    'Tibetan',
    'Myanmar',
    'Georgian',
    'Ethiopic',
    'Khmer',
    'Thaana',
  ].map((script) => oneOf(script)),
  oneOf('Latin', 'Han', 'Hiragana', 'Katakana'),
  oneOf('Latin', 'Han', 'Bopomofo'),
  oneOf('Latin', 'Han', 'Hangul'),
]
