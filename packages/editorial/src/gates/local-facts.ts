import type { DraftRefusal } from '@peerpress/registry'
import type { GateInput } from './gate.ts'

/** Items of evidence about its region that a draft cites at least. */
const minLocalFacts = 3

/** Refuses a draft for a region that cites fewer than three items of evidence about that region or a part of it. */
export function localFactsGate({ content, evidence, region }: GateInput): DraftRefusal[] {
  if (region === null) return []
  const cited = new Set(content.sections.flatMap(({ claims }) => claims.flatMap((claim) => claim.evidence)))
  const local = [...cited].filter((id) => isOf(evidence.get(id)?.region ?? null, region))
  if (local.length >= minLocalFacts) return []
  return [
    {
      section: -1,
      claim: -1,
      code: 'few-local-facts',
      reason: `A draft for ${region} cites at least ${minLocalFacts} items of evidence about it; this one cites ${local.length}.`,
    },
  ]
}

function isOf(place: string | null, region: string): boolean {
  return place !== null && (place === region || place.startsWith(`${region}-`))
}
