import { primaryLanguage, validTag } from './words.ts'

/** First digits of scripts whose digits NFKC does not turn into ASCII. Each has ten in a row. */
const zeros = [
  0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20,
  0x1040, 0x17e0, 0x1810,
]

/**
 * Returns a text with ASCII digits, one kind of minus and apostrophe, and spaces that group digits turned into U+202F. Its length
 * may change.
 */
export function withPlainDigits(text: string): string {
  return text
    .replace(/(?<=\d)[\u00a0\u2009\u202f](?=\d)/gu, '\u0001')
    .normalize('NFKC')
    .replace(/\p{Nd}/gu, (digit) => {
      const code = digit.codePointAt(0) ?? 0
      const zero = zeros.findLast((each) => each <= code && code < each + 10)
      return zero === undefined ? digit : String(code - zero)
    })
    .replace(/[’‘]/gu, "'")
    .replaceAll('\u0001', '\u202f')
}

/**
 * Returns the possible values of a written number, as plain decimals: `1.234,50` is `1234.5`. A single separator before three
 * digits (`1.234`) is read as its language writes numbers, and in both ways if the language is unknown. What is no number, such as
 * `1.2.3`, is returned as it is written.
 */
export function valuesOf(written: string, language: string | null): readonly string[] {
  const groups = written.replace(/[\u202f' ٬]/gu, '')
  const plain = groups.replaceAll('٫', '.')
  if (groups !== plain) return [decimal(plain.replaceAll(',', ''), '.')]
  const dots = plain.split('.').length - 1
  const commas = plain.split(',').length - 1
  if (dots === 0 && commas === 0) return [decimal(plain, '.')]
  if (dots > 0 && commas > 0) {
    const last = plain.lastIndexOf('.') > plain.lastIndexOf(',') ? '.' : ','
    const other = last === '.' ? ',' : '.'
    const [whole = '', ...rest] = plain.split(last)
    if (rest.length !== 1 || !isGrouped(whole, other)) return [written]
    return [decimal(plain.replaceAll(other, ''), last)]
  }
  const separator = dots > 0 ? '.' : ','
  if (dots + commas > 1)
    return isGrouped(plain, separator) ? [decimal(plain.replaceAll(separator, ''), '.')] : [written]
  const [whole = '', fraction = ''] = plain.split(separator)
  const asDecimal = decimal(plain, separator)
  if (fraction.length !== 3 || whole.length > 3 || whole.startsWith('0')) return [asDecimal]
  const asGroups = decimal(plain.replace(separator, ''), '.')
  if (language === null) return [asDecimal, asGroups]
  return [decimalSeparator(language) === separator ? asDecimal : asGroups]
}

/** Returns whether digits are grouped by threes, or in the Indian way: by twos before the last three. */
function isGrouped(text: string, separator: string): boolean {
  const [first = '', ...rest] = text.split(separator)
  if (first.length < 1 || first.length > 3 || rest.at(-1)?.length !== 3) return rest.length === 0
  const before = rest.slice(0, -1)
  return before.every(({ length }) => length === 3) || before.every(({ length }) => length === 2)
}

function decimal(text: string, separator: string): string {
  const [whole = '', fraction = ''] = text.split(separator)
  const shortWhole = whole.replace(/^0+(?=\d)/, '')
  const shortFraction = withoutEndingZeros(fraction)
  return shortFraction === '' ? shortWhole : `${shortWhole}.${shortFraction}`
}

function withoutEndingZeros(digits: string): string {
  let end = digits.length
  while (end > 0 && digits[end - 1] === '0') end--
  return digits.slice(0, end)
}

/** Multiplies a plain decimal by a power of ten. */
export function timesTenTo(value: string, power: number): string {
  const [whole = '', fraction = ''] = value.split('.')
  const digits = fraction.padEnd(power, '0')
  return decimal(`${whole}${digits.slice(0, power)}.${digits.slice(power)}`, '.')
}

const separators = new Map<string, string>()

function decimalSeparator(language: string): string {
  const known = separators.get(language)
  if (known !== undefined) return known
  const parts = new Intl.NumberFormat(validTag(language), { numberingSystem: 'latn' }).formatToParts(1.5)
  const found = parts.find(({ type }) => type === 'decimal')?.value ?? '.'
  separators.set(language, found)
  return found
}

/** Powers of ten by their words. `billion` is 10⁹ in English, Portuguese of Brazil and Turkish, and 10¹² elsewhere. */
const powers: readonly (readonly [RegExp, number, number])[] = [
  [/^\s?(?:thousand|tausend|mille|mil|mila|duizend|tusen|tys|тыс)(?![\p{L}])/iu, 3, 3],
  [
    /^\s?(?:millions?|millionen|mio|mln|millón|millones|milione|milioni|milhão|milhões|miljoen|miljoner|млн)(?![\p{L}])/iu,
    6,
    6,
  ],
  [/^\s?(?:milliarden?|milliards?|mrd|miliardo|miliardi|miljard|миллиардов|млрд)(?![\p{L}])/iu, 9, 9],
  [/^\s?(?:billions?|billionen|billones|bilhão|bilhões)(?![\p{L}])/iu, 9, 12],
]

/** Returns the power of ten that the words after a number name, and their length. Both are 0 if they name none. */
export function powerAfter(
  rest: string,
  language: string | null,
): { readonly power: number; readonly length: number } {
  const isShort = language === null || ['en', 'pt', 'tr'].includes(primaryLanguage(language))
  for (const [pattern, short, long] of powers) {
    const match = pattern.exec(rest)
    if (match !== null) return { power: isShort ? short : long, length: match[0].length }
  }
  return { power: 0, length: 0 }
}

/** Words for the numbers from two to twelve, and twenty. One is an article in most languages. */
const spelled: Readonly<Record<string, string>> = {
  en: 'two three four five six seven eight nine ten eleven twelve twenty',
  de: 'zwei drei vier funf sechs sieben acht neun zehn elf zwolf zwanzig',
  fr: 'deux trois quatre cinq six sept huit neuf dix onze douze vingt',
  es: 'dos tres cuatro cinco seis siete ocho nueve diez once doce veinte',
  it: 'due tre quattro cinque sei sette otto nove dieci undici dodici venti',
  pt: 'dois tres quatro cinco seis sete oito nove dez onze doze vinte',
  nl: 'twee drie vier vijf zes zeven acht negen tien elf twaalf twintig',
  sv: 'tva tre fyra fem sex sju atta nio tio elva tolv tjugo',
  pl: 'dwa trzy cztery piec szesc siedem osiem dziewiec dziesiec jedenascie dwanascie dwadziescia',
}

/** Returns the value of a folded word that is a number in a language, or null. Without a language: in any. */
export function spelledValue(word: string, language: string | null): string | null {
  const lists = language === null ? Object.values(spelled) : [spelled[primaryLanguage(language)] ?? '']
  for (const list of lists) {
    const index = list.split(' ').indexOf(word)
    if (index >= 0) return index === 11 ? '20' : String(index + 2)
  }
  return null
}
