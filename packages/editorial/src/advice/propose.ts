import { shownSize, shownWidth, textWidth } from '../width/text-width.ts'
import type { AdviceKind, ReadPage } from './advice.ts'

/** Separators between a page's title and its site's name. */
const separators = [' | ', ' - ', ' – ', ' — ', ' · ', ' « ', ' » ']
/** A description that is narrower says too little, CSS pixels. */
const minDescription = 300

/** Returns a title made of the page's own words that is shown whole; null if there is none. */
export function proposeTitle({ content: { title, headline } }: ReadPage, kind: AdviceKind): string | null {
  const bare = title === null ? null : withoutSite(title)
  const candidates =
    kind === 'title-truncated' ? [bare, headline] : [headline, headline && withoutSite(headline)]
  return candidates.find((text) => isUsable(text, 'title') && text !== title) ?? null
}

/** Returns a description made of the first sentences of the page that are shown whole; null if there is none. */
export function proposeDescription({ content }: ReadPage, kind: AdviceKind): string | null {
  const own = kind === 'description-truncated' ? firstSentences(content.description ?? '') : null
  const text = content.sections.map((section) => section.text).join(' ')
  const proposal = own ?? firstSentences(text)
  return proposal === content.description ? null : proposal
}

/** Returns as many first sentences as are shown whole; null if they say too little. */
function firstSentences(text: string): string | null {
  // More than a description shows of the narrowest letters.
  const start = text.replace(/\s+/gu, ' ').trim().slice(0, 1000).toWellFormed()
  let sentences = ''
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'sentence' }).segment(start)) {
    const next = sentences + segment
    if (textWidth(next.trim(), shownSize.description) > shownWidth.description) break
    sentences = next
  }
  const found = sentences.trim()
  // The last sentence may be cut at the end of `start`.
  const isWhole = start.length < 1000 || found.length < start.length
  return isWhole && textWidth(found, shownSize.description) >= minDescription && isPlain(found) ? found : null
}

function withoutSite(title: string): string {
  const cuts = separators.map((separator) => title.lastIndexOf(separator)).filter((index) => index > 0)
  return cuts.length === 0 ? title : title.slice(0, Math.max(...cuts)).trim()
}

function isUsable(text: string | null | undefined, field: 'title' | 'description'): text is string {
  return (
    text != null && text !== '' && isPlain(text) && textWidth(text, shownSize[field]) <= shownWidth[field]
  )
}

/** The CMS takes no markup and no control characters. */
function isPlain(text: string): boolean {
  return !/[\p{Cc}<>]/u.test(text) && text.trim() === text
}
