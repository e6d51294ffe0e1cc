/** Returns a region's name in a language; the code itself if it is no country's. A subdivision has the name of its country. */
export function countryName(region: string, language = 'en'): string {
  const [country = ''] = region.split('-')
  return (/^[A-Z]{2}$/.test(country) && namesIn(language).of(country)) || region
}

function namesIn(language: string): Intl.DisplayNames {
  return new Intl.DisplayNames([language, 'en'], { type: 'region', fallback: 'none' })
}
