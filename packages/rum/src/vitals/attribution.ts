import type { Attribution, maxSelectorLength } from '@peerpress/wire'
import { boundedText } from '../bounded-text.ts'
import { resourceAddress } from '../page/resource-address.ts'
import { within } from '../within.ts'

// The rules are those of web-vitals' attribution (Apache 2.0, Google). Its version also finds the slow script and the
// loading state, which no beacon carries. They would take a tenth of the SDK's size limit.
const maxLength: typeof maxSelectorLength = 200

/** The attribution before anything was reported. */
export const noAttribution: Attribution = {
  lcp: {
    target: null,
    url: null,
    timeToFirstByte: null,
    resourceLoadDelay: null,
    resourceLoadDuration: null,
    elementRenderDelay: null,
  },
  inp: { target: null, inputDelay: null, processingDuration: null, presentationDelay: null },
  cls: { target: null },
}

/** The facts about the largest content. */
export interface LargestContent {
  /** LCP, ms since `start`. */
  readonly value: number
  readonly target: string | undefined
  /** The picture's address; empty for text. */
  readonly url: string
  /** Times of the document's clock, ms; null for a page that came back, of which only the total was measured. */
  readonly navigation: { readonly start: number; readonly responseStart: number } | null
  readonly resource: Pick<PerformanceResourceTiming, 'requestStart' | 'startTime' | 'responseEnd'> | undefined
}

/** Returns the attribution of LCP. */
export function lcpReasons(told: LargestContent): Attribution['lcp'] {
  const { value, target, navigation, resource } = told
  const url = resourceAddress(told.url)
  const start = navigation?.start ?? 0
  const firstByte = Math.max(0, (navigation?.responseStart ?? 0) - start)
  const requested = Math.max(firstByte, resource ? (resource.requestStart || resource.startTime) - start : 0)
  // A video continues to load after its first frame was shown.
  const loaded = Math.min(value, Math.max(requested, resource ? resource.responseEnd - start : 0))
  const part = (length: number, known: unknown) => (navigation && known ? within(length) : null)
  return {
    target: boundedText(target, maxLength),
    url,
    timeToFirstByte: part(firstByte, true),
    // Text needs no resource, which differs from a resource that loaded in 0 ms.
    resourceLoadDelay: part(requested - firstByte, resource),
    resourceLoadDuration: part(loaded - requested, resource),
    // If a picture's load was not observed, the time after the first byte cannot be divided.
    elementRenderDelay: part(value - loaded, resource || !url),
  }
}

/** A frame in which events were handled, ms of the document's clock. */
export interface EventFrame {
  /** Start of its first event handler, and end of its last one. */
  readonly start: number
  readonly end: number
}

/**
 * Returns the attribution of INP. Without an event (the browser reported only that it was short), all of it counts as
 * presentation.
 */
export function inpReasons(
  value: number,
  target: string | undefined,
  told?: {
    readonly event: Pick<PerformanceEventTiming, 'startTime' | 'duration'>
    readonly frame: EventFrame
  },
): Attribution['inp'] {
  const from = told?.event.startTime ?? 0
  // An earlier handler may still have been running.
  const start = told ? Math.max(told.frame.start, from) : 0
  // Durations are rounded to 8 ms. Handlers that wait for the reader, such as `alert`, may end after the paint.
  const paint = told ? Math.max(from + told.event.duration, start) : value
  const end = told ? Math.min(told.frame.end, paint) : 0
  return {
    target: boundedText(target, maxLength),
    inputDelay: within(start - from),
    processingDuration: within(end - start),
    presentationDelay: within(paint - end),
  }
}

/** Returns the attribution of CLS. */
export function clsReasons(target: string | undefined): Attribution['cls'] {
  return { target: boundedText(target, maxLength) }
}
