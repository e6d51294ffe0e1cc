import type { DraftContent, DraftRefusal, EvidenceItem } from '@peerpress/registry'

/** A page of the site that a draft must not double. */
export interface SiblingPage {
  /** The CMS's id of its post. */
  readonly post: string
  readonly title: string
  readonly text: string
}

/** What the gates compare. */
export interface GateInput {
  readonly content: DraftContent
  /** The evidence that the site has of the ids in the draft. */
  readonly evidence: ReadonlyMap<string, EvidenceItem>
  /** The draft's language, BCP 47. */
  readonly language: string
  /** The draft's region, ISO 3166; null if it concerns none. */
  readonly region: string | null
  /** The site's other pages, without those that the draft replaces. */
  readonly siblings: readonly SiblingPage[]
}

/** The number of gates, which run-gates.ts has. Whoever needs the number alone does not load them. */
export const gateCount = 9

/** Examines a draft for one kind of fault. Returns a refusal for each part that has it; it never throws. */
export type Gate = (input: GateInput) => readonly DraftRefusal[]

/** A text of a draft with the evidence that it may rest on. */
export interface DraftPart {
  /** Index of the section; -1: title and description. */
  readonly section: number
  /** Index of the claim; -1: heading, title or description. */
  readonly claim: number
  readonly text: string
  readonly evidence: readonly EvidenceItem[]
}

/**
 * Returns every text of a draft. A claim rests on the evidence that it cites, a heading on that of its section, and title and
 * description on that of the whole draft.
 */
export function partsOf({ content, evidence }: Pick<GateInput, 'content' | 'evidence'>): DraftPart[] {
  const found = (ids: readonly string[]) => [...new Set(ids)].flatMap((id) => evidence.get(id) ?? [])
  const sections = content.sections.flatMap(({ heading, claims }, section) => [
    { section, claim: -1, text: heading, evidence: found(claims.flatMap((claim) => claim.evidence)) },
    ...claims.map((claim, index) => ({
      section,
      claim: index,
      text: claim.text,
      evidence: found(claim.evidence),
    })),
  ])
  const all = found(content.sections.flatMap(({ claims }) => claims.flatMap((claim) => claim.evidence)))
  const whole = { section: -1, claim: -1, evidence: all }
  return [{ ...whole, text: content.title }, { ...whole, text: content.description }, ...sections]
}

/** Returns a short quotation for a reason. */
export function quoted(text: string): string {
  const line = text.replace(/\s+/gu, ' ').trim()
  return `“${line.length > 80 ? `${line.slice(0, 79)}…` : line}”`
}
