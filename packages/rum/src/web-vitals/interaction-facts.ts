import { getSelector } from 'web-vitals/lib/getSelector.js'
import type { InteractionManager } from 'web-vitals/lib/InteractionManager.js'
import type { EventFrame } from '../vitals/attribution.ts'

/** Frames that are remembered: events of one may be told after those of the next. */
const maxFrames = 10
/** ms between the paints of events that are taken for one frame's: durations are rounded to it. */
const rounding = 8

/** What is known of interactions. */
export interface InteractionFacts {
  /** The element's selector. */
  readonly targetOf: (event: PerformanceEventTiming) => string | undefined
  /** All events of the same frame, also those that are no interactions. */
  readonly frameOf: (event: PerformanceEventTiming) => EventFrame | undefined
}

/** Learns from the events that web-vitals' manager is given, while their elements are still there. */
export function interactionFacts(manager: InteractionManager): InteractionFacts {
  const frames = new WeakMap<PerformanceEventTiming, EventFrame>()
  const targets = new Map<number, string>()
  let recent: { readonly paint: number; start: number; end: number }[] = []
  // oxlint-disable-next-line eslint/no-underscore-dangle -- web-vitals calls it so
  manager._onBeforeProcessingEntry = (event) => {
    const paint = event.startTime + event.duration
    let frame = recent.find((each) => Math.abs(paint - each.paint) <= rounding)
    if (!frame) {
      frame = { paint, start: event.processingStart, end: 0 }
      recent = [frame, ...recent.slice(0, maxFrames - 1)]
    }
    frame.start = Math.min(frame.start, event.processingStart)
    frame.end = Math.max(frame.end, event.processingEnd)
    frames.set(event, frame)
  }
  // oxlint-disable-next-line eslint/no-underscore-dangle -- web-vitals calls it so
  manager._onAfterProcessingINPCandidate = ({ id, entries }) => {
    const { target } = entries.find((event) => event.target) ?? {}
    const selector = target
      ? getSelector(target)
      : entries.find((event) => event.targetSelector)?.targetSelector
    if (selector && !targets.has(id)) targets.set(id, selector)
  }
  return {
    targetOf: ({ interactionId }) => targets.get(interactionId),
    frameOf: (event) => frames.get(event),
  }
}
