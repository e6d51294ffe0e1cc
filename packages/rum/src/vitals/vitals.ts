import type { Attribution, Beacon } from '@peerpress/wire'
import { initUnique } from 'web-vitals/lib/initUnique.js'
import { InteractionManager } from 'web-vitals/lib/InteractionManager.js'
import { LayoutShiftManager } from 'web-vitals/lib/LayoutShiftManager.js'
import type { CLSMetric, INPMetric, LCPMetric, Metric } from 'web-vitals'
import { onCLS } from 'web-vitals/onCLS.js'
import { onFCP } from 'web-vitals/onFCP.js'
import { onINP } from 'web-vitals/onINP.js'
import { onLCP } from 'web-vitals/onLCP.js'
import { attempt } from '../attempt.ts'
import { clsReasons, inpReasons, lcpReasons } from './attribution.ts'
import { interactionFacts } from '../web-vitals/interaction-facts.ts'
import { largestContent } from '../web-vitals/largest-content.ts'
import { shiftTargets } from '../web-vitals/shift-targets.ts'

/** The web vitals of a view except TTFB, which comes from Navigation Timing; null means not measured. */
export type Vitals = Omit<Beacon['vitals'], 'ttfb'>

/** Vitals before anything was measured. */
export const noVitals: Vitals = { lcp: null, inp: null, cls: null, fcp: null }

/** The current value of a vital. */
export interface VitalReport {
  readonly name: keyof Vitals
  readonly value: number
  /**
   * Start of the navigation that the vital belongs to: a load (0), a return from the back/forward cache, or a soft
   * navigation.
   */
  readonly startedAt: number
  readonly reasons?: Partial<Attribution> | undefined
}

/**
 * Reports every vital with its attribution as soon as it has a value and whenever it changes. Each load, return and
 * soft navigation of this document starts anew.
 */
export function observeVitals(report: (vital: VitalReport) => void): void {
  const hear =
    <M extends Metric>(name: keyof Vitals, reasons?: (metric: M) => Partial<Attribution>) =>
    (metric: M): void =>
      attempt(() => {
        const { value, navigationStartTime, navigationType, entries } = metric
        // A returned page was present at once. Content that is reported late is from before the page was left.
        const stale = navigationType === 'back-forward-cache' && entries[0]?.startTime === value
        if (stale || !Number.isFinite(value)) return
        report({
          name,
          value,
          startedAt: navigationStartTime ?? 0,
          reasons: reasons && attempt(() => reasons(metric)),
        })
      })
  // web-vitals assumes both, in listeners where its errors could not be caught.
  if (!window.requestAnimationFrame || !window.PerformanceObserver) return
  // web-vitals finds the state of one call by this object, so each call needs its own.
  const options = () => ({ reportAllChanges: true })
  const ofShifts = options()
  const ofInteractions = options()
  // If the browser, or a change by the page, breaks one vital, the others are still measured.
  for (const observe of [
    () => onFCP(hear('fcp'), options()),
    () =>
      onLCP(
        hear('lcp', (metric: LCPMetric) => ({ lcp: lcpReasons(largestContent(metric)) })),
        options(),
      ),
    () => {
      const targetOf = shiftTargets(initUnique(ofShifts, LayoutShiftManager))
      onCLS(
        hear('cls', ({ entries }: CLSMetric) => ({ cls: clsReasons(targetOf(entries)) })),
        ofShifts,
      )
    },
    () => {
      const { targetOf, frameOf } = interactionFacts(initUnique(ofInteractions, InteractionManager))
      onINP(
        hear('inp', ({ value, entries: [event] }: INPMetric) => {
          const frame = event && frameOf(event)
          return { inp: inpReasons(value, event && targetOf(event), frame && { event, frame }) }
        }),
        ofInteractions,
      )
    },
  ]) {
    attempt(observe)
  }
}
