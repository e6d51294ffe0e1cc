import type { SiteKnowledge } from '../../evidence/knowledge.ts'

/** Returns the ids of the evidence of these queries, at most five. */
export function findQueryEvidence(
  { evidence }: Pick<SiteKnowledge, 'evidence'>,
  region: string | null,
  queries: readonly string[],
): string[] {
  const wanted = new Set(queries)
  return evidence
    .filter((item) => item.source === 'query' && item.region === region && wanted.has(item.title ?? ''))
    .slice(0, 5)
    .map(({ id }) => id)
}
