import type { Severity } from '@peerpress/registry'
import { type BurnRule, burnRules, isBurning, type Tally } from './burn-rate.ts'
import { firstFailure, type Span, tallyIn, type Timeline, without } from './timeline.ts'

/** The events of one kind that an objective counts. */
export interface Measured {
  /** What is counted, in the plural: "views" or "probes". */
  readonly noun: string
  /** What a failed one is, as the end of a sentence: "had a failed load". */
  readonly failure: string
  /** The last 6 hours by minute. */
  readonly minutes: Timeline
  /** The last 3 days by hour. */
  readonly hours: Timeline
}

/** Spans of time that incidents account for already. */
export interface AccountedSpans {
  /** The origin was down. No rule counts these: they have an incident of their own. */
  readonly outages: readonly Span[]
  /** The objective's own paging incidents. The slow rule does not count these again. */
  readonly paged: readonly Span[]
}

/** A budget that burns too fast. */
export interface Burn {
  readonly rule: BurnRule
  readonly severity: Severity
  readonly long: Tally
  /** ms since the Unix epoch: the first failure of the long window. */
  readonly since: number
  readonly summary: string
}

/** ms: windows of the rules that are not longer are made of minutes. */
const minutesReach = 6 * 3_600_000

/** Returns the fastest burn that a rule finds at `now`; null if none does. */
export function judgeBudget(
  measured: Measured,
  target: number,
  { now, outages, paged }: AccountedSpans & { readonly now: number },
): Burn | null {
  const minutes = without(measured.minutes, outages)
  const hours = without(measured.hours, [...outages, ...paged])
  const minutesOnce = without(minutes, paged)
  for (const rule of burnRules) {
    const span = (ms: number): Span => ({ from: now - ms, to: now })
    const isSlow = rule.longMs > minutesReach
    const longTimeline = isSlow ? hours : minutes
    const long = tallyIn(longTimeline, span(rule.longMs))
    const short = tallyIn(isSlow ? minutesOnce : minutes, span(rule.shortMs))
    if (!isBurning(rule, target, { long, short })) continue
    const since = firstFailure(longTimeline, span(rule.longMs)) ?? now - rule.longMs
    return {
      rule,
      severity: rule.severity,
      long,
      since,
      summary: summaryOf(measured, target, { rule, long }),
    }
  }
  return null
}

function summaryOf(
  { noun, failure }: Measured,
  target: number,
  { rule, long }: { readonly rule: BurnRule; readonly long: Tally },
): string {
  const hours = rule.longMs / 3_600_000
  const span = hours === 1 ? 'hour' : hours > 24 ? `${hours / 24} days` : `${hours} hours`
  return (
    `${long.failed} of ${long.total} ${noun} of the last ${span} ${failure}. ` +
    `The objective of ${percent(target)} allows ${percent(1 - target)}; failures are more than ${rule.burnRate} times as many.`
  )
}

function percent(ratio: number): string {
  return `${Number((100 * ratio).toPrecision(4))} %`
}
