import type { DraftRefusal } from '@peerpress/registry'
import { eld } from 'eld/medium'
import { primaryLanguage } from '../facts/words.ts'
import { type GateInput, quoted } from './gate.ts'

/** Letters from which on the language of a section is judged alone. Below, names decide it. */
const minLetters = 60
/** The draft's language must be at least this likely, compared with the most likely one. */
const minShare = 0.75

/** Norwegian is one language with two written forms; some tags name the language, others the form. */
const same: Readonly<Record<string, string>> = { nb: 'no', nn: 'no', iw: 'he', in: 'id', fil: 'tl' }
const detectable = new Set(Object.values(eld.info().Languages).map(normal))

/** Refuses a draft, and each section of it, whose text is in another language than the draft's. */
export function languageGate({ content, language }: GateInput): DraftRefusal[] {
  const expected = normal(primaryLanguage(language))
  if (!detectable.has(expected)) {
    return [refusal(-1, `The language ${quoted(language)} cannot be detected, so that it cannot be checked.`)]
  }
  const sections = content.sections.map(({ claims }) => claims.map(({ text }) => text).join('\n'))
  const wrong = sections.flatMap((text, section) => {
    if (lettersOf(text) < minLetters) return []
    const found = detect(text, expected)
    return found === null ? [] : [refusal(section, wrongLanguage('section', found, language))]
  })
  const whole = [content.title, content.description, ...sections].join('\n')
  const found = detect(whole, expected)
  return found === null ? wrong : [refusal(-1, wrongLanguage('draft', found, language)), ...wrong]
}

/** Returns the language of a text if it is not the expected one; empty if it is none. */
function detect(text: string, expected: string): string | null {
  const result = eld.detect(text)
  const scores = new Map(Object.entries(result.getScores()).map(([name, score]) => [normal(name), score]))
  const best = Math.max(0, ...scores.values())
  const own = scores.get(expected) ?? 0
  if (best > 0 && own >= best * minShare && (result.isReliable() || own === best) && lettersOf(text) > 0)
    return null
  return result.language
}

function lettersOf(text: string): number {
  return text.match(/\p{L}/gu)?.length ?? 0
}

function normal(name: string): string {
  return same[name] ?? name
}

function wrongLanguage(part: string, found: string, language: string): string {
  return found === ''
    ? `The ${part} is in no language that can be recognised; it should be in ${quoted(language)}.`
    : `The ${part} reads as ${quoted(found)}; it should be in ${quoted(language)}.`
}

function refusal(section: number, reason: string): DraftRefusal {
  return { section, claim: -1, code: 'language', reason }
}
