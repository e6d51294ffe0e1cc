import type { Beacon } from '@peerpress/wire'
import { type MetricType, onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals'
import { attempt } from './attempt.ts'

/** The web vitals of a view; null is not measured. */
export type Vitals = Beacon['vitals']

/** Nothing measured yet. */
export const noVitals: Vitals = { lcp: null, inp: null, cls: null, fcp: null, ttfb: null }

/** Reports every vital as soon as it has a value and whenever it changes, for each view of this document anew. */
export function observeVitals(report: (name: keyof Vitals, value: number) => void): void {
  const hear = ({ name, value }: MetricType): void => {
    if (Number.isFinite(value)) report(name.toLowerCase() as keyof Vitals, value)
  }
  // web-vitals takes both for granted, in listeners where nobody could catch what it throws.
  if (!window.requestAnimationFrame || !window.PerformanceObserver) return
  // One that this browser, or what a page made of it, cannot measure leaves the others alone.
  for (const observe of [onTTFB, onFCP, onLCP, onCLS, onINP]) {
    attempt(() => observe(hear, { reportAllChanges: true }), undefined)
  }
}
