import {
  computed,
  type Figure,
  figure,
  type Group,
  type Measure,
  percentile,
  ratings,
  verdict,
} from './metric.ts'
import { enoughSamples, ratio } from '../values.ts'

const p75 = { p: 0.75, scale: 1 } as const

const lcp: Measure = { name: 'lcp', ...p75 }
// Browsers round durations of events to 8 ms: https://w3c.github.io/event-timing/#dom-performanceentry-duration
const inp: Measure = { name: 'inp', ...p75, step: 8 }
const cls: Measure = { name: 'cls', p: 0.75, scale: 10_000 }
const fcp: Measure = { name: 'fcp', ...p75 }
const ttfb: Measure = { name: 'ttfb', ...p75 }

/** How fast the page was. */
export const speed = {
  kind: 'group',
  typeName: 'Speed',
  description: 'How fast the page was: 75th percentiles, in ms; CLS is a score. null means not measured.',
  members: {
    lcp: percentile({
      label: 'LCP, 75th percentile',
      shortLabel: 'LCP p75',
      unit: 'ms',
      description: 'Largest Contentful Paint.',
      measure: lcp,
    }),
    inp: percentile({
      label: 'INP, 75th percentile',
      shortLabel: 'INP p75',
      unit: 'ms',
      description: 'Interaction to Next Paint.',
      measure: inp,
    }),
    cls: percentile({
      label: 'CLS, 75th percentile',
      shortLabel: 'CLS p75',
      unit: 'score',
      description: 'Cumulative Layout Shift.',
      measure: cls,
    }),
    fcp: percentile({
      label: 'FCP, 75th percentile',
      shortLabel: 'FCP p75',
      unit: 'ms',
      description: 'First Contentful Paint.',
      measure: fcp,
    }),
    ttfb: percentile({
      label: 'TTFB, 75th percentile',
      shortLabel: 'TTFB p75',
      unit: 'ms',
      description: 'Time to First Byte.',
      measure: ttfb,
    }),
    load: percentile({
      label: 'Load, 75th percentile',
      shortLabel: 'Load p75',
      unit: 'ms',
      description: 'End of the load event.',
      measure: { name: 'load', ...p75 },
    }),
    longFrameTime: percentile({
      label: 'Long-frame time, 75th percentile',
      shortLabel: 'Long frames p75',
      unit: 'ms',
      description:
        'Total duration of the long animation frames of a view: frames of 50 ms or more, in which the page may respond late. null also where no browser reports them.',
      measure: { name: 'long_frames_duration', ...p75 },
    }),
  },
} as const satisfies Group

/**
 * A value up to `good` is good, above `poor` it is poor; ms, `cls` is a score.
 * https://web.dev/articles/defining-core-web-vitals-thresholds; FCP and TTFB have pages of their own there.
 */
const thresholds = {
  lcp: { good: 2500, poor: 4000 },
  inp: { good: 200, poor: 500 },
  cls: { good: 0.1, poor: 0.25 },
  fcp: { good: 1800, poor: 3000 },
  ttfb: { good: 800, poor: 1800 },
} as const

// The columns are 32-bit floats, in which 0.1 is another number.
const goodViews = (name: keyof typeof thresholds) =>
  figure(`${name}_good`, `ifNull(${name} <= toFloat32(${thresholds[name].good}), false)`)
const poorViews = (name: keyof typeof thresholds) =>
  figure(`${name}_poor`, `ifNull(${name} > toFloat32(${thresholds[name].poor}), false)`)
const goodLcp = goodViews('lcp')
const goodInp = goodViews('inp')
const goodCls = goodViews('cls')

/** Views by how good their vitals were. */
export const vitalRatings = {
  kind: 'group',
  typeName: 'VitalRatings',
  description: 'How many views were good, by vital. null: no view measured it.',
  members: {
    lcp: ratings({
      label: 'LCP ratings',
      description: 'Good: up to 2500 ms. Poor: more than 4000 ms.',
      measure: lcp,
      good: goodLcp,
      poor: poorViews('lcp'),
    }),
    inp: ratings({
      label: 'INP ratings',
      description: 'Good: up to 200 ms. Poor: more than 500 ms.',
      measure: inp,
      good: goodInp,
      poor: poorViews('inp'),
    }),
    cls: ratings({
      label: 'CLS ratings',
      description: 'Good: up to 0.1. Poor: more than 0.25.',
      measure: cls,
      good: goodCls,
      poor: poorViews('cls'),
    }),
    fcp: ratings({
      label: 'FCP ratings',
      description: 'Good: up to 1800 ms. Poor: more than 3000 ms.',
      measure: fcp,
      good: goodViews('fcp'),
      poor: poorViews('fcp'),
    }),
    ttfb: ratings({
      label: 'TTFB ratings',
      description: 'Good: up to 800 ms. Poor: more than 1800 ms.',
      measure: ttfb,
      good: goodViews('ttfb'),
      poor: poorViews('ttfb'),
    }),
  },
} as const satisfies Group

/**
 * The Apdex target, ms: readers are satisfied when the largest paint took no longer, and tolerate up to four times as long
 * (Application Performance Index, technical specification 1.1, section 3). It is the upper end of a good LCP.
 */
const apdexTarget = thresholds.lcp.good

const toleratedViews = figure(
  'tolerated_views',
  `ifNull(lcp > ${apdexTarget} AND lcp <= ${4 * apdexTarget}, false)`,
)

/** Apdex of LCP. */
export const apdex = computed({
  label: 'Apdex',
  description:
    'Apdex of LCP with a target of 2.5 s, 0-1: views that met it, and half of those that took up to 10 s, ÷ all that measured it; null when none did.',
  formula: '(lcp_good + tolerated_views ÷ 2) ÷ samples of lcp',
  figures: [goodLcp, toleratedViews],
  measures: [lcp],
  compute: ({ sum, percentile: percentileOf }) =>
    ratio(sum(goodLcp) + sum(toleratedViews) / 2, percentileOf(lcp)?.samples ?? 0),
})

/**
 * Whether the page passes the assessment of the core web vitals: https://web.dev/articles/vitals. A 75th percentile is good
 * exactly if 75 % of the views that measured it, rounded up, are good, so the verdict is exact also where bins were counted.
 */
export const coreWebVitals = verdict({
  label: 'Core web vitals',
  description:
    'Whether the 75th percentiles of LCP, INP and CLS are good. INP counts if at least 30 views measured it. UNKNOWN: none is known to be worse than good, and fewer than 30 views measured LCP or CLS.',
  formula: 'good views of each ≥ 75 % of its samples, rounded up',
  figures: [goodLcp, goodInp, goodCls],
  measures: [lcp, inp, cls],
  compute: ({ sum, percentile: percentileOf }) => {
    const passes = (measure: Measure, good: Figure): boolean | null => {
      const samples = percentileOf(measure)?.samples ?? 0
      return samples < enoughSamples ? null : sum(good) >= Math.ceil(0.75 * samples)
    }
    const [ofLcp, ofInp, ofCls] = [passes(lcp, goodLcp), passes(inp, goodInp), passes(cls, goodCls)]
    if ([ofLcp, ofInp, ofCls].includes(false)) return 'no'
    return ofLcp === null || ofCls === null ? 'unknown' : 'yes'
  },
})
