import { eld } from 'eld/small'
import { canonicalLanguage } from './canonical-language.ts'

/** Characters that are read: more do not make the detection better. */
const readLength = 4000
/** Letters that a text needs: in a shorter one the detection guesses. */
const minLetters = 40

/** Returns the language of a text, ISO 639-1; null if it is too short, or of a language that is not known. */
export function detectLanguage(text: string): string | null {
  const start = text.slice(0, readLength)
  if ((start.match(/\p{L}/gu)?.length ?? 0) < minLetters) return null
  const result = eld.detect(start)
  return result.language !== '' && result.isReliable() ? result.language : null
}

/**
 * Returns the language of a text: the stated one if the text does not contradict it, because it also names the region.
 * @param stated BCP 47, as the author states it; null if it is not stated
 */
export function languageOf(text: string, stated: string | null): string | null {
  const tag = canonicalLanguage(stated)
  const detected = detectLanguage(text)
  if (detected === null || tag === null) return detected ?? tag
  return new Intl.Locale(tag).language === detected ? tag : detected
}
