import type { DraftRefusal } from '@peerpress/registry'
import { foldedWords, sentencesOf } from '../facts/words.ts'
import { type GateInput, partsOf, quoted } from './gate.ts'
import { statedBy } from './evidence-text.ts'

/** Words from which on a sentence is not found twice by chance. */
const minWords = 8
/** Words in a row that may not be another text's, also within a longer sentence. */
const maxRun = 12
/** Words of a quotation that may be copied. */
const maxQuoted = 30

/**
 * Refuses claims with a sentence of at least 8 words, or 12 words in a row, that stand so in evidence or on another page of the site.
 * Case, accents and punctuation make no difference. A quotation of up to 30 words in quotation marks may be copied.
 */
export function copiedGate(input: GateInput): DraftRefusal[] {
  const { language, siblings } = input
  const sources = [...input.evidence.values()].map(statedBy).concat(siblings.map(({ text }) => text))
  const runs = new Set(sources.flatMap((text) => runsOf(foldedWords(text, language))))
  return partsOf(input).flatMap(({ section, claim, text }) => {
    const copied = sentencesOf(withoutQuotations(text, language), language).find((sentence) =>
      isCopied(foldedWords(sentence, language), runs),
    )
    return copied === undefined
      ? []
      : [{ section, claim, code: 'copied', reason: `${quoted(copied)} is copied without quotation marks.` }]
  })
}

function isCopied(words: readonly string[], runs: ReadonlySet<string>): boolean {
  if (words.length < minWords) return false
  let inRow = 0
  let longest = 0
  for (const run of runsOf(words)) {
    inRow = runs.has(run) ? inRow + 1 : 0
    longest = Math.max(longest, inRow)
  }
  const copied = longest === 0 ? 0 : longest + minWords - 1
  return copied === words.length || copied >= maxRun
}

function runsOf(words: readonly string[]): string[] {
  return Array.from({ length: Math.max(words.length - minWords + 1, 0) }, (_, start) =>
    words.slice(start, start + minWords).join(' '),
  )
}

const quotations = /[“„«"「]([^“”„«»"「」]{1,400})[”“»"」]/gu

function withoutQuotations(text: string, language: string): string {
  return text.replace(quotations, (whole, inside: string) =>
    foldedWords(inside, language).length <= maxQuoted ? ' … ' : whole,
  )
}
