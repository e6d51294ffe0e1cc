import { getSelector } from 'web-vitals/lib/getSelector.js'
import type { LayoutShiftManager } from 'web-vitals/lib/LayoutShiftManager.js'

/**
 * Stores the element that moved most in each shift while it still exists. Returns a function that returns the element
 * of the largest shift.
 */
export function shiftTargets(
  manager: LayoutShiftManager,
): (shifts: readonly LayoutShift[]) => string | undefined {
  const targets = new WeakMap<LayoutShift, string>()
  // oxlint-disable-next-line eslint/no-underscore-dangle -- web-vitals calls it so
  manager._onAfterProcessingUnexpectedShift = (shift) => {
    const { node } = shift.sources.find((source) => source.node?.nodeType === 1) ?? shift.sources[0] ?? {}
    if (node) targets.set(shift, getSelector(node))
  }
  return ([first, ...others]) => {
    const largest = others.reduce((a, b) => (a && a.value > b.value ? a : b), first)
    return largest && targets.get(largest)
  }
}
