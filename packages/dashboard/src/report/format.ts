/** Formats figures for people, in one locale. Units are SI symbols after a non-breaking space. */
export interface Format {
  readonly count: (count: number) => string
  /** Decimal units, three significant digits. */
  readonly bytes: (bytes: number) => string
  /** An amount of a currency, ISO 4217. */
  readonly money: (amount: number, currency: string) => string
  /** A mass, three significant digits. */
  readonly grams: (grams: number) => string
  /** A ratio as a percentage. Only an exact one is shown as 0 % or 100 %. A change can be more. */
  readonly ratio: (ratio: number) => string
  /** A ratio 0-1 as a whole percentage, for the marks of a scale. */
  readonly percent: (ratio: number) => string
  /** Under a second in ms, else in seconds. */
  readonly ms: (ms: number) => string
  /** An interval in ms, in the unit that suits its upper end. */
  readonly msRange: (low: number, high: number) => string
  /** Duration of a stay: minutes and seconds. */
  readonly duration: (ms: number) => string
  readonly durationRange: (low: number, high: number) => string
}

const space = '\u00A0'
const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const

export function createFormat(locale: string): Format {
  const number = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options)
  const count = number({ maximumFractionDigits: 0 })
  const threeDigits = number({ maximumSignificantDigits: 3 })
  const hundredths = number({ minimumFractionDigits: 2, maximumFractionDigits: 2 })
  const percent = number({ style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 })
  const wholePercent = number({ style: 'percent' })

  const range = (low: string, high: string) => (low === high ? low : `${low}–${high}`)
  const seconds = (ms: number) => hundredths.format(ms / 1000)
  const wholeSeconds = (ms: number) => count.format(ms / 1000)
  const duration = (ms: number) => {
    const total = Math.round(ms / 1000)
    if (total < 60) return `${total}${space}s`
    return `${Math.floor(total / 60)}${space}min` + (total % 60 === 0 ? '' : `${space}${total % 60}${space}s`)
  }

  return {
    count: (value) => count.format(value),
    bytes: (value) => {
      // 999.6 kB would be rounded to 1000 kB, so the next unit starts a little early.
      const step =
        value < 999.5 ? 0 : Math.min(Math.floor(Math.log10(value * 1.0005) / 3), byteUnits.length - 1)
      return `${threeDigits.format(value / 1000 ** step)}${space}${byteUnits[step]}`
    },
    money: (amount, currency) => number({ style: 'currency', currency }).format(amount),
    grams: (grams) =>
      grams < 999.5
        ? `${threeDigits.format(grams)}${space}g`
        : `${threeDigits.format(grams / 1000)}${space}kg`,
    ratio: (ratio) => {
      if (ratio === 0 || ratio === 1) return wholePercent.format(ratio)
      if (ratio < 0.0005) return `<${percent.format(0.001)}`
      if (ratio >= 0.9995 && ratio < 1) return `>${percent.format(0.999)}`
      return percent.format(ratio)
    },
    percent: (ratio) => wholePercent.format(ratio),
    ms: (ms) => (ms < 999.5 ? `${count.format(ms)}${space}ms` : `${seconds(ms)}${space}s`),
    msRange: (low, high) =>
      high < 999.5
        ? `${range(count.format(low), count.format(high))}${space}ms`
        : `${range(seconds(low), seconds(high))}${space}s`,
    duration,
    durationRange: (low, high) =>
      high < 59_500
        ? `${range(wholeSeconds(low), wholeSeconds(high))}${space}s`
        : range(duration(low), duration(high)),
  }
}
