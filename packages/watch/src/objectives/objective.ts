import { type ObjectiveKind, objectiveKinds, type ObjectiveRecord } from '@peerpress/registry'
import { burnRules, canBurn } from '../rules/burn-rate.ts'

/** What "good" means for a site. */
export interface Objective {
  readonly kind: ObjectiveKind
  /** Ratio 0-1 of good events. */
  readonly target: number
  /** When the site chose it. Null if it is the default. */
  readonly changedAt: Date | null
}

/** The targets of sites that chose none. 75 %: the share of views by which Core Web Vitals are assessed. */
export const defaultTargets: Readonly<Record<ObjectiveKind, number>> = { availability: 0.995, lcp: 0.75 }

/** The strictest target. 0.01 % is one failed probe in a week: less cannot be told from the probe's own trouble. */
const maxTarget = 0.9999

/** Returns the objectives of a site with these choices, one of each kind. */
export function objectivesOf(chosen: readonly ObjectiveRecord[]): Objective[] {
  return objectiveKinds.map(
    (kind) =>
      chosen.find((record) => record.kind === kind) ?? {
        kind,
        target: defaultTargets[kind],
        changedAt: null,
      },
  )
}

/** Returns why a target is refused; null if it is accepted. */
export function targetProblem(target: number): string | null {
  if (!Number.isFinite(target) || target < 0 || target > 1) {
    return 'A target is a ratio between 0 and 1, such as 0.995 for 99.5 %.'
  }
  if (!burnRules.some((rule) => canBurn(rule, target))) {
    return (
      'No burn rate can reach this objective: even if everything fails, failures are not more than it allows. ' +
      'Choose a target above 0.'
    )
  }
  if (target > maxTarget) {
    return (
      'This objective leaves no error budget: every single failure would exceed it, so a burn rate says nothing. ' +
      `Choose a target of at most ${maxTarget}.`
    )
  }
  return null
}
