import { milliseconds, type Scale } from '../../components/figures/scales.ts'
import { messages } from '../../messages/messages.ts'

const shift: Scale = {
  value: (value) => value.toFixed(3),
  range: (low, high) => (low === high ? low.toFixed(3) : `${low.toFixed(3)}–${high.toFixed(3)}`),
}

const { names, short } = messages.speed

/**
 * The measures of speed with their thresholds: up to `good` a view is good, over `poor` it is poor. Core ones decide whether the
 * Core Web Vitals pass. See https://web.dev/articles/defining-core-web-vitals-thresholds
 */
export const vitals = [
  {
    key: 'lcp',
    metric: 'SPEED_LCP',
    name: names.lcp,
    short: short.lcp,
    good: 2500,
    poor: 4000,
    scale: milliseconds,
    isCore: true,
  },
  {
    key: 'inp',
    metric: 'SPEED_INP',
    name: names.inp,
    short: short.inp,
    good: 200,
    poor: 500,
    scale: milliseconds,
    isCore: true,
  },
  {
    key: 'cls',
    metric: 'SPEED_CLS',
    name: names.cls,
    short: short.cls,
    good: 0.1,
    poor: 0.25,
    scale: shift,
    isCore: true,
  },
  {
    key: 'fcp',
    metric: 'SPEED_FCP',
    name: names.fcp,
    short: short.fcp,
    good: 1800,
    poor: 3000,
    scale: milliseconds,
    isCore: false,
  },
  {
    key: 'ttfb',
    metric: 'SPEED_TTFB',
    name: names.ttfb,
    short: short.ttfb,
    good: 800,
    poor: 1800,
    scale: milliseconds,
    isCore: false,
  },
] as const

export type Vital = (typeof vitals)[number]

/** How good a value is. */
export type RatingName = 'good' | 'needsImprovement' | 'poor'

export function ratingOf({ good, poor }: Pick<Vital, 'good' | 'poor'>, value: number): RatingName {
  return value <= good ? 'good' : value > poor ? 'poor' : 'needsImprovement'
}
