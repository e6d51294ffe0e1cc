import { currenciesIn, type FoundCurrency } from './currencies.ts'
import { datesIn, type StatedDate } from './dates.ts'
import { powerAfter, spelledValue, timesTenTo, valuesOf, withPlainDigits } from './numerals.ts'
import { foldedWords, primaryLanguage } from './words.ts'

/** A figure as it is written, with the ways in which it can be read. */
export interface Figure {
  readonly written: string
  /** Plain decimals; with `%` for percentages, `18:30` for times, and `EUR 4.5` for prices. */
  readonly readings: readonly string[]
}

export interface WrittenDate {
  readonly written: string
  readonly readings: readonly StatedDate[]
}

/** The dates, prices and other numbers of a text. */
export interface Figures {
  readonly dates: readonly WrittenDate[]
  readonly prices: readonly Figure[]
  readonly numbers: readonly Figure[]
  /** Currencies that stand beside no number, such as in the head of a table. */
  readonly currencies: ReadonlySet<string>
  /** The text with spaces in place of dates. */
  readonly rest: string
}

/** Finds the dates, prices and numbers of a text, each once: the digits of a date or price are no numbers. */
export function figuresIn(given: string, language: string | null): Figures {
  let text = joinSpacedGroups(withPlainDigits(given), language)
  const blank = (start: number, end: number) => {
    text = `${text.slice(0, start)}${' '.repeat(end - start)}${text.slice(end)}`
  }
  const dates = datesIn(text, language).map(({ start, end, readings }) => {
    const written = text.slice(start, end)
    return { written, readings, start, end }
  })
  for (const { start, end } of dates) blank(start, end)
  const rest = text
  const times = timesIn(text)
  for (const { start, end } of times) blank(start, end)
  const { prices, numbers, currencies } = pricesAndNumbers(text, language)
  const spelled = foldedWords(rest, language ?? 'und').flatMap((word) => {
    const value = spelledValue(word, language)
    return value === null ? [] : [{ written: word, readings: [value] }]
  })
  return { dates, prices, numbers: [...times, ...numbers, ...spelled], currencies, rest }
}

/** Languages that group digits with a plain space as well. */
const spaceGrouping = new Set([
  'fr',
  'sv',
  'nb',
  'nn',
  'no',
  'fi',
  'pl',
  'cs',
  'sk',
  'ru',
  'uk',
  'bg',
  'hu',
  'et',
  'lv',
  'lt',
])

function joinSpacedGroups(text: string, language: string | null): string {
  if (language !== null && !spaceGrouping.has(primaryLanguage(language))) return text
  return text.replace(/(?<![\d.,])\d{1,3}(?: \d{3}){1,5}(?!\d)/g, (number) =>
    number.replaceAll(' ', '\u202f'),
  )
}

function timesIn(text: string): (Figure & { readonly start: number; readonly end: number })[] {
  const pattern = /(?<![\d.,:])(\d{1,2})(?::(\d{2}))?(?:\s?([ap])\.?m(?![\p{L}]))?(?![\d:])/giu
  return [...text.matchAll(pattern)].flatMap((match) => {
    const [written, hour = '', minute, half] = match
    if (minute === undefined && half === undefined) return []
    const base =
      half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0)
    const readings = [`${base}:${minute ?? '00'}`]
    return [{ written, readings, start: match.index, end: match.index + written.length }]
  })
}

/** Maximum distance between a number and its currency, characters. */
const maxGap = 1

function pricesAndNumbers(text: string, language: string | null) {
  const currencies = currenciesIn(text)
  const attached = new Set<FoundCurrency>()
  const prices: Figure[] = []
  const numbers: Figure[] = []
  let next = 0
  for (const match of text.matchAll(/\d[\d.,'\u202f٫٬]*/gu)) {
    const written = match[0].replace(/\D$/u, '')
    const start = match.index
    const after = text.slice(start + written.length, start + written.length + 24)
    const { power, length } = powerAfter(after, language)
    const values = valuesOf(written, language).map((value) =>
      power === 0 ? value : timesTenTo(value, power),
    )
    const end = start + written.length + length
    while (next < currencies.length && (currencies[next]?.end ?? 0) < start - maxGap) next++
    const beside = currencies
      .slice(next, next + 4)
      .find((each) => isBeside(each, start, end) && !attached.has(each))
    if (beside !== undefined) {
      attached.add(beside)
      const shown = text.slice(Math.min(start, beside.start), Math.max(end, beside.end))
      prices.push({ written: shown, readings: values.map((value) => `${beside.currency} ${value}`) })
    } else {
      const sign =
        /^\s?(?:%|٪|percent|per cent|prozent|pour cent|por ciento|per cento|por cento|procent)/iu.test(after)
      numbers.push({
        written: sign ? `${written} %` : written,
        readings: values.map((value) => (sign ? `${value}%` : value)),
      })
    }
  }
  const alone = currencies.filter((each) => !attached.has(each)).map(({ currency }) => currency)
  return { prices, numbers, currencies: new Set(alone) }
}

function isBeside(currency: FoundCurrency, start: number, end: number): boolean {
  const before = start - currency.end
  const after = currency.start - end
  return (before >= 0 && before <= maxGap) || (after >= 0 && after <= maxGap)
}
