import type { EvidenceItem } from '@peerpress/registry'
import { withoutInstructions } from './instructions.ts'

/** Returns what an item of evidence states: its title and text, without instructions to a model. */
export function statedBy(item: EvidenceItem): string {
  return withoutInstructions(item.title === null ? item.text : `${item.title}\n${item.text}`, item.language)
}
