import type { BriefLink, MeasuredText } from '@peerpress/registry'
import { countryName } from '../../country-name.ts'
import type { FoundSection } from '../../search/post-index.ts'
import { cutToWidth, shownSize, shownWidth, textWidth } from '../../width/text-width.ts'
import type { Opportunity } from '../opportunity.ts'

interface TitleSources {
  readonly opportunity: Opportunity
  /** BCP 47; null if it is unknown. */
  readonly language: string | null
  /** The site's name. */
  readonly name: string
  readonly links: readonly BriefLink[]
  readonly sections: readonly FoundSection[]
}

const maxTitles = 4
const maxDescriptions = 3

/** Returns title options that Google shows in full: the topic alone, with a heading, with the region, and with the site's name. */
export function titlesFor({ opportunity, language, name, sections }: TitleSources): MeasuredText[] {
  const { topic, region } = opportunity
  const base = capitalized(topic, language)
  const heading = sections.find(({ section }) => section.heading !== null)?.section.heading
  const options = [
    ...(region === null ? [] : [`${base} – ${countryName(region, language ?? 'en')}`]),
    base,
    ...(heading == null || heading === topic ? [] : [`${base}: ${heading}`]),
    `${base} – ${name}`,
  ]
  return measured(options, 'title').slice(0, maxTitles)
}

/**
 * Returns description options that Google shows in full: the sentences of the site's posts that fit the topic best. They are there to
 * be rewritten, because a search engine shows the description that answers the searcher.
 */
export function descriptionsFor({ opportunity, sections, links }: TitleSources): MeasuredText[] {
  const sentences = sections.slice(0, maxDescriptions).map(({ section }) => firstSentences(section.text))
  const linked = links[0] === undefined ? [] : [`${opportunity.question} ${links[0].title}.`]
  return measured([...sentences, ...linked, opportunity.question], 'description').slice(0, maxDescriptions)
}

function measured(options: readonly string[], kind: 'title' | 'description'): MeasuredText[] {
  const size = shownSize[kind]
  const texts = options.map((text) => cutToWidth(text, size, shownWidth[kind])).filter((text) => text !== '')
  return [...new Set(texts)].map((text) => ({ text, pixels: textWidth(text, size) }))
}

function capitalized(text: string, language: string | null): string {
  const [first = ''] = text
  return first.toLocaleUpperCase(language ?? 'en') + text.slice(first.length)
}

const sentences = new Intl.Segmenter(undefined, { granularity: 'sentence' })
/** characters: more are never shown */
const maxRead = 400

function firstSentences(text: string): string {
  return [...sentences.segment(text.slice(0, 2 * maxRead))]
    .map(({ segment }) => segment.trim())
    .filter((sentence) => sentence.length > 20)
    .slice(0, 2)
    .join(' ')
    .slice(0, maxRead)
    .toWellFormed()
}
