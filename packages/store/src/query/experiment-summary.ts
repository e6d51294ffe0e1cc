import type { Experiment } from './experiment.ts'

/** Half the width of an interval, as a share of the control arm's value, from which on more days change little. */
const preciseEnough = 0.05

/**
 * Returns about how many more days like those of the range are needed until an effect of 5 % on LCP can be seen; 0 when the
 * experiment is conclusive or precise enough; null when one arm has too few views to say. The width of an interval falls with
 * the square root of the number of views.
 * @param days length of the measured range
 */
export function daysNeeded({ speed, control }: Experiment, days: number): number | null {
  const { lcp } = speed
  const baseline = control.speed.lcp?.value
  if (lcp === null || !lcp.enough || baseline === undefined || baseline <= 0 || days <= 0) return null
  if (lcp.conclusive) return 0
  const half = (lcp.high - lcp.low) / 2
  const share = half / (preciseEnough * baseline)
  return share <= 1 ? 0 : Math.ceil(days * (share ** 2 - 1))
}

/** Returns the result of an experiment as a sentence in English. */
export function summaryOf(experiment: Experiment, days: number): string {
  const { lcp } = experiment.speed
  if (lcp === null || !lcp.enough) {
    return `There are too few views to compare: ${count(lcp?.samples ?? 0)} assisted and ${count(lcp?.baselineSamples ?? 0)} control views measured LCP; 30 of each are needed.`
  }
  const views = `${count(lcp.samples)} assisted and ${count(lcp.baselineSamples)} control views`
  const interval = `95 % interval ${ms(lcp.low)} to ${ms(lcp.high)}`
  if (lcp.conclusive) {
    const word = lcp.value < 0 ? 'faster' : 'slower'
    return `Pages of assisted readers were ${ms(Math.abs(lcp.value))} ${word} than those of the control arm (LCP, 75th percentile; difference ${ms(lcp.value)}, ${interval}; ${views}).`
  }
  const more = daysNeeded(experiment, days)
  const next =
    more === 0 || more === null
      ? 'An effect of more than 5 % would have been seen.'
      : `About ${count(more)} more ${more === 1 ? 'day is' : 'days are'} needed to see an effect of 5 %.`
  return `No difference between assisted readers and the control arm can be seen (LCP, 75th percentile; difference ${ms(lcp.value)}, ${interval}; ${views}). ${next}`
}

function ms(value: number): string {
  return `${Math.round(value).toLocaleString('en')} ms`
}

function count(value: number): string {
  return value.toLocaleString('en')
}
