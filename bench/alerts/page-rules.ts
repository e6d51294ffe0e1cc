import { type BurnRule, burnRules, isBurning, type Tally } from '@peerpress/watch'
import { SlidingTally } from './sliding-tally.ts'

/** Decides whether a rule burns. */
export type Burning = (rule: BurnRule, target: number, windows: { long: Tally; short: Tally }) => boolean

/** The rules that ship. */
export const ours: Burning = isBurning

/** The Site Reliability Workbook's rules as they are: both windows raw, no minimum of failures. */
export const plain: Burning = ({ burnRate }, target, { long, short }) => {
  const limit = burnRate * (1 - target)
  return short.failed > 0 && short.failed / short.total > limit && long.failed / long.total > limit
}

const minuteMs = 60_000

/** The paging rules over a stream of minutes. */
export class PageRules {
  readonly #target: number
  readonly #rules = burnRules
    .filter(({ severity }) => severity === 'page')
    .map((rule) => ({
      rule,
      long: new SlidingTally(rule.longMs / minuteMs),
      short: new SlidingTally(rule.shortMs / minuteMs),
    }))

  constructor(target: number) {
    this.#target = target
  }

  add(total: number, failed: number): void {
    for (const { long, short } of this.#rules) {
      long.add(total, failed)
      short.add(total, failed)
    }
  }

  isPaging(burning: Burning): boolean {
    return this.#rules.some(({ rule, long, short }) => burning(rule, this.#target, { long, short }))
  }
}
