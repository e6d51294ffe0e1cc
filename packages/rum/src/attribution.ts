import type { Attribution, maxSelectorLength } from '@peerpress/wire'
import type { CLSAttribution, INPAttribution, LCPAttribution } from 'web-vitals/attribution'
import { boundedText } from './bounded-text.ts'
import { pageAddress } from './page-address.ts'
import { within } from './within.ts'

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

/** What LCP is due to. web-vitals gives 0 for parts it could not measure: those are null here. */
export function lcpReasons(told: LCPAttribution): Attribution['lcp'] {
  const { navigationEntry, lcpResourceEntry: resource } = told
  const url = resourceAddress(told.url)
  // Of a page that came back from the back/forward cache nothing but the whole was measured.
  const timed = navigationEntry !== undefined
  // A picture whose load was not seen: what followed the first byte cannot be told apart.
  const unseen = url !== null && !resource
  return {
    target: boundedText(told.target, maxLength),
    url,
    timeToFirstByte: timed ? within(told.timeToFirstByte) : null,
    resourceLoadDelay: timed && resource ? within(told.resourceLoadDelay) : null,
    resourceLoadDuration: timed && resource ? within(told.resourceLoadDuration) : null,
    elementRenderDelay: timed && !unseen ? within(told.elementRenderDelay) : null,
  }
}

/** What INP is due to. */
export function inpReasons(told: INPAttribution): Attribution['inp'] {
  return {
    target: boundedText(told.interactionTarget, maxLength),
    inputDelay: within(told.inputDelay),
    processingDuration: within(told.processingDuration),
    presentationDelay: within(told.presentationDelay),
  }
}

/** What CLS is due to. */
export function clsReasons(told: CLSAttribution): Attribution['cls'] {
  return { target: boundedText(told.largestShiftTarget, maxLength) }
}

/** A resource's address as a beacon may carry it; null for inline data. */
function resourceAddress(text: string | undefined): string | null {
  if (!text || !/^https?:/.test(text)) return null
  const url = new URL(text)
  // Cut, it would name another resource.
  return url.origin.length + url.pathname.length > 2048 ? null : pageAddress(url)
}
