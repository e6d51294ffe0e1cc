import type { PageText } from '@peerpress/registry'
import { shownSize, shownWidth, textWidth } from '../width/text-width.ts'
import { type Advice, type AdviceKind, isAboutTitle, type ReadPage } from './advice.ts'
import { proposeDescription, proposeTitle } from './propose.ts'

/**
 * Returns what is missing, duplicate or cut off in the titles and descriptions of a site's public pages: by kind, then by post. A
 * page has at most one kind about its title and one about its description.
 */
export function findAdvice(pages: readonly PageText[]): Advice[] {
  const read = pages.filter((page): page is ReadPage => page.content !== null)
  const titles = byText(read, 'title')
  const descriptions = byText(read, 'description')
  return read
    .flatMap((page) => [adviceOn(page, 'title', titles), adviceOn(page, 'description', descriptions)])
    .filter((advice) => advice !== null)
}

type Field = 'title' | 'description'
type PagesByText = ReadonlyMap<string, readonly ReadPage[]>

function adviceOn(page: ReadPage, field: Field, all: PagesByText): Advice | null {
  const text = page.content[field]
  const pixels = text === null ? 0 : textWidth(text, shownSize[field])
  const same = text === null ? [] : (all.get(keyOf(text)) ?? []).filter(({ post }) => post !== page.post)
  const maxPixels = shownWidth[field]
  const problem =
    text === null ? 'missing' : same.length > 0 ? 'duplicate' : pixels > maxPixels ? 'truncated' : null
  if (problem === null) return null
  const kind: AdviceKind = `${field}-${problem}`
  const proposal = isAboutTitle(kind) ? proposeTitle(page, kind) : proposeDescription(page, kind)
  // A proposal that another page has, too, would be the next duplicate.
  const isTaken = proposal !== null && (all.get(keyOf(proposal)) ?? []).length > 0
  return {
    kind,
    post: page.post,
    url: page.url,
    shown: { title: page.content.title, description: page.content.description },
    pixels,
    maxPixels,
    sameAs: same.map(({ post }) => post),
    proposal: isTaken ? null : proposal,
  }
}

function byText(pages: readonly ReadPage[], field: Field): PagesByText {
  const groups = new Map<string, ReadPage[]>()
  for (const page of pages) {
    const text = page.content[field]
    if (text === null) continue
    const key = keyOf(text)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [page])
    else group.push(page)
  }
  return groups
}

/** Search engines show no difference in case or spaces. */
function keyOf(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim()
}
