import type { bindReporter as whole } from 'web-vitals/lib/bindReporter.js'

/** Replaces web-vitals' `bindReporter`. It reports every change of a metric's value, without rating it. */
export const bindReporter: typeof whole = (callback, metric) => {
  let last = -1
  return () => {
    if (metric.value < 0 || metric.value === last) return
    last = metric.value
    callback(metric)
  }
}
