import type { Attribution, Beacon } from '@peerpress/wire'
import { onCLS } from 'web-vitals/attribution/onCLS.js'
import { onINP } from 'web-vitals/attribution/onINP.js'
import { onLCP } from 'web-vitals/attribution/onLCP.js'
import { onFCP } from 'web-vitals/onFCP.js'
import { onTTFB } from 'web-vitals/onTTFB.js'
import { attempt } from './attempt.ts'
import { clsReasons, inpReasons, lcpReasons } from './attribution.ts'

/** The web vitals of a view; null is not measured. */
export type Vitals = Beacon['vitals']

/** Nothing measured yet. */
export const noVitals: Vitals = { lcp: null, inp: null, cls: null, fcp: null, ttfb: null }

/**
 * Reports every vital, and what it is due to, as soon as it has a value and whenever it changes, for each view of this
 * document anew.
 */
export function observeVitals(
  report: (name: keyof Vitals, value: number, reasons?: Partial<Attribution>) => void,
): void {
  const hear = (name: keyof Vitals, value: number, reasons?: () => Partial<Attribution>): void => {
    if (Number.isFinite(value)) report(name, value, reasons && attempt(reasons, undefined))
  }
  // web-vitals takes both for granted, in listeners where nobody could catch what it throws.
  if (!window.requestAnimationFrame || !window.PerformanceObserver) return
  const changes = { reportAllChanges: true }
  // One that this browser, or what a page made of it, cannot measure leaves the others alone.
  for (const observe of [
    () => onTTFB(({ value }) => hear('ttfb', value), changes),
    () => onFCP(({ value }) => hear('fcp', value), changes),
    () =>
      onLCP(
        ({ value, attribution }) => hear('lcp', value, () => ({ lcp: lcpReasons(attribution) })),
        changes,
      ),
    () =>
      onCLS(
        ({ value, attribution }) => hear('cls', value, () => ({ cls: clsReasons(attribution) })),
        changes,
      ),
    () =>
      onINP(
        ({ value, attribution }) => hear('inp', value, () => ({ inp: inpReasons(attribution) })),
        changes,
      ),
  ]) {
    attempt(observe, undefined)
  }
}
