import type { DraftRefusal, EvidenceItem } from '@peerpress/registry'
import { figuresIn } from '../facts/figures.ts'
import { countryNames, namesIn } from '../facts/names.ts'
import { fold, wordsOf } from '../facts/words.ts'
import { statedBy } from './evidence-text.ts'
import { type GateInput, partsOf, quoted } from './gate.ts'
import { siteVocabulary } from './site-vocabulary.ts'

/**
 * Refuses texts with a name, an e-mail address or a link that their evidence does not contain. The country of an item's region
 * counts as contained. A name in another language's form (Köln, Cologne) is another name.
 */
export function namesGate(input: GateInput): DraftRefusal[] {
  const { language } = input
  const vocabulary = siteVocabulary(input)
  const known = knownNames(language)
  return partsOf(input).flatMap(({ section, claim, text, evidence }) => {
    const isKnown = known(evidence)
    const { rest } = figuresIn(withoutLinks(text), language)
    const names = namesIn(rest, { language, vocabulary, isHeading: claim === -1 }).map((name) => name.text)
    const unknown = [
      ...names.filter((name) => !isKnown.word(name)),
      ...linksIn(text).filter((link) => !isKnown.link(link)),
    ]
    return [...new Set(unknown)].map((name) => ({
      section,
      claim,
      code: 'name' as const,
      reason: `The name ${quoted(name)} is not in the evidence that is cited here.`,
    }))
  })
}

interface KnownNames {
  readonly word: (name: string) => boolean
  readonly link: (link: string) => boolean
}

function knownNames(language: string): (items: readonly EvidenceItem[]) => KnownNames {
  const textOf = (item: EvidenceItem) =>
    [statedBy(item), ...(item.region === null ? [] : countryNames(item.region, language))].join('\n')
  return (items) => {
    const texts = items.map((item) => textOf(item))
    const words = new Set(
      texts.flatMap((text, index) =>
        wordsOf(text, items[index]?.language ?? language).map((word) => fold(word.text)),
      ),
    )
    const plain = texts.map((text) => fold(text)).join('\n')
    const urls = items.map(({ url }) => url ?? '').join('\n')
    return {
      word: (name) => {
        const folded = fold(name)
        if (words.has(folded) || (folded.endsWith('s') && words.has(folded.slice(0, -1)))) return true
        // Words of languages without spaces have no certain bounds.
        return /^\p{Lo}/u.test(name) && plain.includes(folded)
      },
      link: (link) => plain.includes(fold(link)) || urls.includes(link),
    }
  }
}

function linksIn(text: string): string[] {
  return text.split(/\s/u).flatMap((word) => {
    const bare = word.replace(/^["'(<[“„«]/u, '').replace(/["').,;:!?>\]”»]{1,3}$/u, '')
    return isLink(bare) ? [bare] : []
  })
}

/** Whether a word is a URL or an e-mail address. */
function isLink(word: string): boolean {
  if (word.includes('://') || /^www\./i.test(word)) return true
  const at = word.indexOf('@')
  return at > 0 && word.indexOf('.', at) > at + 1
}

function withoutLinks(text: string): string {
  return text
    .split(/(?<=\s)/u)
    .map((word) => (isLink(word.trim()) ? ' ' : word))
    .join('')
}
