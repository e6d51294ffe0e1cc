import type { DraftRefusal } from '@peerpress/registry'
import { type GateInput, quoted } from './gate.ts'

/** Refuses claims that cite nothing, or an id that no evidence of the site has. */
export function evidenceIdsGate({ content, evidence }: GateInput): DraftRefusal[] {
  return content.sections.flatMap(({ claims }, section) =>
    claims.flatMap((claim, index): DraftRefusal[] => {
      const place = { section, claim: index }
      if (claim.evidence.length === 0) {
        return [{ ...place, code: 'no-evidence', reason: 'This claim cites no evidence.' }]
      }
      return [...new Set(claim.evidence)]
        .filter((id) => !evidence.has(id))
        .map((id) => ({
          ...place,
          code: 'unknown-evidence',
          reason: `The site has no evidence with the id ${quoted(id)}.`,
        }))
    }),
  )
}
