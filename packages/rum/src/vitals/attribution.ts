import type { Attribution, maxSelectorLength } from '@peerpress/wire'
import { boundedText } from '../bounded-text.ts'
import { resourceAddress } from '../page/resource-address.ts'
import { within } from '../within.ts'

// The rules are those of web-vitals' own attribution (Apache 2.0, Google). That also finds the script that was slow and
// how far the page had loaded, which no beacon carries: a tenth of what the SDK may weigh.
const maxLength: typeof maxSelectorLength = 200

/** Nothing told yet. */
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

/** What is known of a largest content. */
export interface LargestContent {
  /** LCP, ms since `start` */
  readonly value: number
  readonly target: string | undefined
  /** The picture's address; empty for text. */
  readonly url: string
  /** Of the document's clock, ms; null for a page that came back: nothing but the whole was measured. */
  readonly navigation: { readonly start: number; readonly responseStart: number } | null
  readonly resource: Pick<PerformanceResourceTiming, 'requestStart' | 'startTime' | 'responseEnd'> | undefined
}

/** What LCP is due to. */
export function lcpReasons(told: LargestContent): Attribution['lcp'] {
  const { value, target, navigation, resource } = told
  const url = resourceAddress(told.url)
  const start = navigation?.start ?? 0
  const firstByte = Math.max(0, (navigation?.responseStart ?? 0) - start)
  const requested = Math.max(firstByte, resource ? (resource.requestStart || resource.startTime) - start : 0)
  // A video goes on to load when its first picture has been seen.
  const loaded = Math.min(value, Math.max(requested, resource ? resource.responseEnd - start : 0))
  const part = (length: number, known: unknown) => (navigation && known ? within(length) : null)
  return {
    target: boundedText(target, maxLength),
    url,
    timeToFirstByte: part(firstByte, true),
    // Text needs no resource, which is not a resource loaded in 0 ms.
    resourceLoadDelay: part(requested - firstByte, resource),
    resourceLoadDuration: part(loaded - requested, resource),
    // A picture whose load was not seen: what followed the first byte cannot be told apart.
    elementRenderDelay: part(value - loaded, resource || !url),
  }
}

/** A frame in which events were handled, ms of the document's clock. */
export interface EventFrame {
  /** When its first event began to be handled, and when its last was done. */
  readonly start: number
  readonly end: number
}

/** What INP is due to. Without an event (the browser told that it was short, no more) all of it is presentation. */
export function inpReasons(
  value: number,
  target: string | undefined,
  told?: {
    readonly event: Pick<PerformanceEventTiming, 'startTime' | 'duration'>
    readonly frame: EventFrame
  },
): Attribution['inp'] {
  const from = told?.event.startTime ?? 0
  // A handler before may still have been at work.
  const start = told ? Math.max(told.frame.start, from) : 0
  // Durations are rounded to 8 ms; and handlers that wait for the reader, as `alert` does, may end after the paint.
  const paint = told ? Math.max(from + told.event.duration, start) : value
  const end = told ? Math.min(told.frame.end, paint) : 0
  return {
    target: boundedText(target, maxLength),
    inputDelay: within(start - from),
    processingDuration: within(end - start),
    presentationDelay: within(paint - end),
  }
}

/** What CLS is due to. */
export function clsReasons(target: string | undefined): Attribution['cls'] {
  return { target: boundedText(target, maxLength) }
}
