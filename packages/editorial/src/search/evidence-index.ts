import type { EvidenceItem } from '@peerpress/registry'
import MiniSearch from 'minisearch'
import { termsOf } from './terms.ts'

/** Returns a function that finds the items that fit a question, the best first. */
export function createEvidenceIndex(items: readonly EvidenceItem[]): (question: string) => EvidenceItem[] {
  const index = new MiniSearch<EvidenceItem>({
    fields: ['title', 'text'],
    tokenize: termsOf,
    processTerm: (term) => term,
    searchOptions: { boost: { title: 2 }, combineWith: 'OR' },
    extractField: (item, field) => item[field as keyof EvidenceItem] ?? '',
  })
  index.addAll(items)
  const byId = new Map(items.map((item) => [item.id, item]))
  return (question) => index.search(question).flatMap(({ id }) => byId.get(id as string) ?? [])
}
