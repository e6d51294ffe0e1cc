/** Units of figures. A share is a ratio of 0-1. */
export type FigureUnit =
  'visits-per-week' | 'per-day' | 'share' | 'ratio' | 'position' | 'ms' | 'score' | 'bytes' | 'views'

/** A number behind a finding or a reason. */
export interface Figure {
  /** In words, such as "LCP, 75th percentile". */
  readonly name: string
  readonly unit: FigureUnit
  readonly value: number
  /** The number that it is compared with; null if it stands alone. */
  readonly comparedWith: number | null
}

/** Between a number and its unit: no line begins with a unit. */
const space = '\u{a0}'

/** Returns a figure's value for people: `1.9 s`, `31 %`. */
export function figureText(value: number, unit: FigureUnit): string {
  switch (unit) {
    case 'ms':
      return value < 1000 ? `${Math.round(value)}${space}ms` : `${rounded(value / 1000, 1)}${space}s`
    case 'share':
      return `${rounded(100 * value, value < 0.1 ? 1 : 0)}${space}%`
    case 'bytes':
      return value < 1_000_000
        ? `${Math.round(value / 1000)}${space}KB`
        : `${rounded(value / 1_000_000, 1)}${space}MB`
    case 'score':
    case 'ratio':
      return rounded(value, 2)
    case 'position':
      return rounded(value, 1)
    case 'visits-per-week':
    case 'per-day':
    case 'views':
      return rounded(value, value < 10 ? 1 : 0)
  }
}

function rounded(value: number, digits: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: digits })
}

const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' })

/** Returns a country's English name; the code itself if it is no country's. */
export function countryName(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (names.of(code) ?? code) : code
}
