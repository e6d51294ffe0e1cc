import type { FindingInput } from '@peerpress/registry'
import type { SiteFacts } from './finding.ts'
import { rules } from './rules/rules.ts'

/** Maximum number of findings of one rule. */
const maxOfRule = 20

/** Returns what the rules find, the most important first. */
export function findAll(facts: SiteFacts): FindingInput[] {
  return rules
    .flatMap((rule) =>
      rule
        .find(facts)
        .toSorted((a, b) => b.score - a.score)
        .slice(0, maxOfRule)
        .map((finding) => ({ rule: rule.name, ...finding })),
    )
    .toSorted((a, b) => b.score - a.score)
}
