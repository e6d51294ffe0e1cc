import { RegistryError } from '../registry-error.ts'
import type { SavingsRates } from './site.ts'
import { normaliseOrigin } from './site-url.ts'

/** What a site's owner may change about it, beside its policy. A setting that is left out stays. */
export interface SiteSettings {
  /** Its name for people, at most 100 characters; null: it has none. */
  readonly name?: string | null | undefined
  /** The IANA time zone of its days. */
  readonly timeZone?: string | undefined
  /** Further origins its media live on, beside the home URL's. */
  readonly origins?: readonly string[] | undefined
  /** What its origin's bytes cost; all three replace the former ones. */
  readonly savingsRates?: SavingsRates | undefined
}

/** Maximum number of a site's further origins. */
const maxFurtherOrigins = 20

/** Maximum length of a site's name, characters. */
const maxNameLength = 100

/** Maximum price, and maximum grams of CO2e, of a gigabyte. */
const maxRate = 1_000_000

/**
 * Returns a site's name without surrounding space; null if nothing is left.
 * @throws {RegistryError} `invalid-name` for a long name, for control characters and halves of surrogate pairs, and for
 * characters that turn the text after them around (Unicode TR36, section 2.5): the name would look like another one
 */
export function normaliseSiteName(text: string): string | null {
  // A longer text is not examined: space characters are counted, too.
  const name = text.length > 4 * maxNameLength ? text : text.trim()
  if (
    Array.from(name).length > maxNameLength ||
    /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u.test(name) ||
    !name.isWellFormed()
  ) {
    throw new RegistryError('invalid-name', `a name is one line of at most ${maxNameLength} characters`)
  }
  return name === '' ? null : name
}

/**
 * Returns an IANA time zone in the spelling of the database where this machine knows it. An offset such as `+02:00` is no
 * time zone: it does not know when clocks change.
 * @throws {RegistryError} `invalid-time-zone`
 */
export function normaliseTimeZone(text: string): string {
  try {
    if (!/^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/.test(text)) throw new RangeError('not a name')
    const known = new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone
    // An older name of a zone is valid: Asia/Kolkata is Asia/Calcutta for some engines.
    return known.toLowerCase() === text.toLowerCase() ? known : text
  } catch (cause) {
    throw new RegistryError(
      'invalid-time-zone',
      `a time zone is a name of the IANA database, such as Europe/Amsterdam: ${JSON.stringify(text.slice(0, 64))}`,
      { cause },
    )
  }
}

/**
 * Returns rates of savings that make sense.
 * @throws {RegistryError} `invalid-savings-rate`
 */
export function checkSavingsRates(rates: SavingsRates): SavingsRates {
  const { pricePerGigabyte, currency, carbonPerGigabyte } = rates
  for (const rate of [pricePerGigabyte, carbonPerGigabyte]) {
    if (rate !== null && !(rate >= 0 && rate <= maxRate)) {
      throw new RegistryError('invalid-savings-rate', `a rate is 0 to ${maxRate}`)
    }
  }
  if ((pricePerGigabyte === null) !== (currency === null)) {
    throw new RegistryError('invalid-savings-rate', 'a price needs a currency, and a currency a price')
  }
  if (currency !== null && !/^[A-Z]{3}$/.test(currency)) {
    throw new RegistryError('invalid-savings-rate', 'a currency is three capital letters, such as EUR')
  }
  return rates
}

/**
 * Returns a site's origins: its home URL's first, then the further ones, each once.
 * @throws {RegistryError} `invalid-origin`
 */
export function originsOf(url: string, further: readonly string[]): string[] {
  if (further.length > maxFurtherOrigins) {
    throw new RegistryError('invalid-origin', `a site has at most ${maxFurtherOrigins} further origins`)
  }
  return [...new Set([new URL(url).origin, ...further.map(normaliseOrigin)])]
}
