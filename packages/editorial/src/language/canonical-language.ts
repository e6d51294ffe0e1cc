/** Returns a language tag in its canonical form; null if it is none. */
export function canonicalLanguage(tag: string | null): string | null {
  if (tag === null || !/^[a-z]{2,3}(?:[-_][a-z\d]{2,8}){0,4}$/i.test(tag)) return null
  try {
    return Intl.getCanonicalLocales(tag.replaceAll('_', '-'))[0] ?? null
  } catch {
    // A tag of the right form may still be invalid, such as one with a part twice.
    return null
  }
}
