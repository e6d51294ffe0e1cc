import { setImmediate as turn } from 'node:timers/promises'
import type { DraftRefusal } from '@peerpress/registry'
import { copiedGate } from './copied.ts'
import { doubledPageGate } from './doubled-page.ts'
import { evidenceIdsGate } from './evidence-ids.ts'
import { datesGate, numbersGate, pricesGate } from './figures.ts'
import type { Gate, gateCount, GateInput } from './gate.ts'
import { languageGate } from './language.ts'
import { localFactsGate } from './local-facts.ts'
import { namesGate } from './names.ts'

const gates = [
  evidenceIdsGate,
  numbersGate,
  datesGate,
  pricesGate,
  namesGate,
  localFactsGate,
  doubledPageGate,
  copiedGate,
  languageGate,
] as const satisfies readonly Gate[] & { readonly length: typeof gateCount }

/** Refusals that are recorded of one draft at most. */
const maxRefusals = 500

/** Called with what the gates found so far, in the order of the draft. The next gate waits for it. */
type OnGate = (gates: number, refusals: readonly DraftRefusal[]) => Promise<void>

/**
 * Runs all gates, and other work between them. Returns their refusals in the order of the draft; none means that the draft says no
 * more than its evidence.
 */
export async function runGates(input: GateInput, onGate?: OnGate): Promise<DraftRefusal[]> {
  let refusals: DraftRefusal[] = []
  for (const [index, gate] of gates.entries()) {
    refusals = inOrder([...refusals, ...gate(input)])
    await turn()
    await onGate?.(index + 1, refusals)
  }
  return refusals
}

function inOrder(refusals: readonly DraftRefusal[]): DraftRefusal[] {
  return refusals
    .toSorted((one, other) => one.section - other.section || one.claim - other.claim)
    .slice(0, maxRefusals)
}
