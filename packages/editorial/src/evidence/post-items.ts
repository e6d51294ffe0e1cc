import {
  type EvidenceItem,
  evidenceItem,
  maxEvidenceText,
  type PageText,
  type PostSummary,
} from '@peerpress/registry'
import type { KnownPost } from './knowledge.ts'

/** Returns the posts whose pages were read, and an item of evidence for each. */
export function postItems(
  texts: readonly PageText[],
  { posts, dayOf }: { readonly posts: readonly PostSummary[]; readonly dayOf: (at: Date) => string },
): { readonly known: KnownPost[]; readonly items: EvidenceItem[] } {
  const known: KnownPost[] = []
  const items: EvidenceItem[] = []
  for (const { site, post, url, content } of texts) {
    const published = posts.find((each) => each.post === post && !each.revoked)
    if (content === null || published === undefined) continue
    const title = content.headline ?? content.title ?? url
    const item = evidenceItem({
      site,
      source: 'post',
      date: dayOf(published.publishedAt),
      region: null,
      language: content.language,
      post,
      title,
      text: textOf(content.sections),
      url,
    })
    items.push(item)
    const { description, language, sections } = content
    known.push({ post, url, title, description, language, sections, evidence: item.id })
  }
  return { known, items }
}

/** Returns sections as one text, each after its heading; at most as long as evidence may be. */
function textOf(sections: KnownPost['sections']): string {
  const text = sections
    .map(({ heading, text: body }) => (heading === null ? body : `${heading}\n\n${body}`))
    .join('\n\n')
  return text.slice(0, maxEvidenceText).toWellFormed()
}

/** Returns the language of most posts; null if none has one. */
export function mainLanguage(posts: readonly Pick<KnownPost, 'language'>[]): string | null {
  const counts = new Map<string, number>()
  for (const { language } of posts) {
    if (language !== null) counts.set(language, (counts.get(language) ?? 0) + 1)
  }
  return [...counts].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0]?.[0] ?? null
}
