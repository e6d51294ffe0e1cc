/** The code of visits whose country the search engine does not know (CLDR). */
const unknownCountry = 'ZZ'

/**
 * Languages of Search Console's pages. An export has the country names of the language in which it was made; names are those
 * of the Unicode CLDR, which Node's `Intl` has too.
 */
const languages = [
  'en',
  'ar',
  'bg',
  'ca',
  'cs',
  'da',
  'de',
  'el',
  'en-GB',
  'es',
  'es-419',
  'fa',
  'fi',
  'fil',
  'fr',
  'he',
  'hi',
  'hr',
  'hu',
  'id',
  'it',
  'ja',
  'ko',
  'lt',
  'lv',
  'nb',
  'nl',
  'pl',
  'pt',
  'pt-PT',
  'ro',
  'ru',
  'sk',
  'sl',
  'sr',
  'sv',
  'th',
  'tr',
  'uk',
  'vi',
  'zh-Hans',
  'zh-Hant',
] as const

/** Names that differ from those of `Intl`: older ones, and the unknown country's. */
const furtherNames: Readonly<Record<string, string>> = {
  turkey: 'TR',
  'czech republic': 'CZ',
  swaziland: 'SZ',
  macedonia: 'MK',
  'cape verde': 'CV',
  burma: 'MM',
  'ivory coast': 'CI',
  'hong kong': 'HK',
  macau: 'MO',
  palestine: 'PS',
  '(not set)': unknownCountry,
}

let names: ReadonlyMap<string, string> | undefined

/**
 * Returns the country of a name in a language of Search Console, ISO 3166-1 alpha-2; `ZZ` for its name of an unknown country;
 * null for any other text. It takes codes, too.
 */
export function countryOf(name: string): string | null {
  names ??= countryNames()
  return names.get(keyOf(name)) ?? null
}

function countryNames(): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const codes = countryCodes()
  for (const language of languages) {
    for (const style of ['long', 'short'] as const) {
      const display = new Intl.DisplayNames(language, { type: 'region', style, fallback: 'none' })
      for (const code of codes) {
        const name = display.of(code)
        // The first language that has a name decides; English is first.
        if (name !== undefined && !found.has(keyOf(name))) found.set(keyOf(name), code)
      }
    }
  }
  for (const code of codes) found.set(keyOf(code), code)
  for (const [name, code] of Object.entries(furtherNames)) found.set(keyOf(name), code)
  return found
}

/** Unions, pseudo-locales and the like. */
const notCountries: ReadonlySet<string> = new Set(['EU', 'EZ', 'UN', 'QO', 'XA', 'XB'])

/** Returns the codes of countries, and of the unknown one. A code that another one has replaced is left out. */
function countryCodes(): string[] {
  const letters = Array.from({ length: 26 }, (_, i) => String.fromCodePoint(65 + i))
  const english = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
  return letters
    .flatMap((first) => letters.map((second) => `${first}${second}`))
    .filter(
      (code) =>
        !notCountries.has(code) &&
        english.of(code) !== undefined &&
        new Intl.Locale(`und-${code}`).region === code,
    )
}

function keyOf(name: string): string {
  return name.normalize('NFKC').toLowerCase().replaceAll('’', "'").trim()
}
