/** Currencies by their folded signs and words. `$` without a country is taken for USD, `kr` for any crown. */
const signs: Readonly<Record<string, string>> = {
  '€': 'EUR',
  euro: 'EUR',
  euros: 'EUR',
  $: 'USD',
  us$: 'USD',
  dollar: 'USD',
  dollars: 'USD',
  dolares: 'USD',
  dollari: 'USD',
  '£': 'GBP',
  '¥': 'JPY',
  円: 'JPY',
  '₹': 'INR',
  rs: 'INR',
  '₽': 'RUB',
  '₺': 'TRY',
  '₩': 'KRW',
  zł: 'PLN',
  zl: 'PLN',
  kc: 'CZK',
  kr: 'kr',
  sfr: 'CHF',
  franken: 'CHF',
  r$: 'BRL',
}

const codes = new Set(Intl.supportedValuesOf('currency'))

/** A currency in a text. */
export interface FoundCurrency {
  readonly currency: string
  readonly start: number
  readonly end: number
}

/** Finds the signs, words and ISO 4217 codes of currencies in a text. A code is written in capitals. */
export function currenciesIn(text: string): FoundCurrency[] {
  return [...text.matchAll(/(?:US|R)?\$|[€£¥円₹₽₺₩]|\p{L}[\p{L}\p{M}]*/gu)].flatMap((match) => {
    const written = match[0]
    const folded = written.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
    const known = Object.hasOwn(signs, folded) ? signs[folded] : undefined
    const currency = known ?? (codes.has(written) ? written : undefined)
    return currency === undefined ? [] : [{ currency, start: match.index, end: match.index + written.length }]
  })
}
