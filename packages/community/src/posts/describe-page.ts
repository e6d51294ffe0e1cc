import type { PageAbout } from '@peerpress/publisher'
import type { SharedPost } from '@peerpress/registry'
import { plainText } from './plain-text.ts'

/** Maximum lengths, characters. */
const maxTitle = 200
const maxSummary = 400
const maxTopic = 40
const maxTopics = 5

/** Returns what the feed shows of a page, as plain text. */
export function describePage(
  about: PageAbout,
  url: URL,
): Pick<SharedPost, 'title' | 'summary' | 'language' | 'region' | 'topics'> {
  const title = plainText(about.title ?? '', maxTitle)
  return {
    // A page without a title is named by its address.
    title: title === '' ? plainText(`${url.host}${url.pathname}`, maxTitle) : title,
    summary: plainText(about.description ?? '', maxSummary),
    ...placeOf(about),
    topics: topicsOf(about.topics),
  }
}

/** Returns the language, and the region that the language tag or `og:locale` names. */
function placeOf({ language, locale }: PageAbout): Pick<SharedPost, 'language' | 'region'> {
  const tags = [language, locale].map(localeOf).filter((tag) => tag !== null)
  const found = tags.find((tag) => /^[a-z]{2,3}$/.test(tag.language) && tag.language !== 'und')
  const region = tags.map((tag) => tag.region).find((code) => code !== undefined && /^[A-Z]{2}$/.test(code))
  return { language: found?.language ?? null, region: region ?? null }
}

/** Reads a BCP 47 tag, or the form of Open Graph with a low line; null if it is none. */
function localeOf(tag: string | null): Intl.Locale | null {
  if (tag === null || tag.length > 35) return null
  try {
    return new Intl.Locale(tag.trim().replaceAll('_', '-'))
  } catch {
    return null
  }
}

function topicsOf(topics: readonly string[]): string[] {
  const plain = topics.map((topic) => plainText(topic, maxTopic).toLowerCase())
  return [...new Set(plain)].filter((topic) => topic !== '').slice(0, maxTopics)
}
