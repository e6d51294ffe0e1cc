import { getSelector } from 'web-vitals/lib/getSelector.js'
import type { InteractionManager } from 'web-vitals/lib/InteractionManager.js'
import type { EventFrame } from '../vitals/attribution.ts'

/** Number of stored frames. Events of one frame may be reported after those of the next. */
const maxFrames = 10
/** Difference between the paints of events that count as one frame, ms. Durations are rounded to it. */
const rounding = 8

/** The stored facts about interactions. */
export interface InteractionFacts {
  /** Returns the selector of the element. */
  readonly targetOf: (event: PerformanceEventTiming) => string | undefined
  /** Returns the frame of the event, formed by all events in it, including those that are not interactions. */
  readonly frameOf: (event: PerformanceEventTiming) => EventFrame | undefined
}

/** Stores facts from the events that web-vitals' manager handles, while their elements still exist. */
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
