import type { Attribution, Delivery, PageSeam } from '@peerpress/wire'
import { attempt } from './attempt.ts'
import { noAttribution } from './attribution.ts'
import { connectionType } from './connection-type.ts'
import { deliverySince } from './delivery-since.ts'
import { engagedTime } from './engaged-time.ts'
import { scrollDepth } from './scroll-depth.ts'
import type { ViewFigures } from './snapshots.ts'
import { noVitals, type Vitals } from './vitals.ts'
import { dayMs, within } from './within.ts'

/** What is observed of the view that the document is in. */
export interface PageView {
  readonly vitals: Vitals
  readonly attribution: Attribution
  /** Looks whether the reader attends to the page; for every moment when that may have changed. */
  readonly attend: () => void
  /** Looks how far down the page the reader sees. */
  readonly look: () => void
  /** All figures as of now. */
  readonly figures: () => ViewFigures
}

/**
 * Begins to observe. `loadEnd` tells the end of the load event, ms; null where none was measured. `before` is what
 * earlier views of the same document have told of its delivery.
 */
export function observeView(loadEnd: () => number | null, before: Delivery | null): PageView {
  const vitals: Vitals = { ...noVitals }
  const attribution: Attribution = { ...noAttribution }
  const engaged = engagedTime()
  const depth = scrollDepth()

  return {
    vitals,
    attribution,
    attend() {
      engaged.attend(document.visibilityState === 'visible' && document.hasFocus(), performance.now())
    },
    look() {
      if (document.visibilityState === 'visible') depth.seen(scrollY + innerHeight)
    },
    figures: () => ({
      arm: seam()?.arm ?? 'ineligible',
      connection: connectionType(navigator as Parameters<typeof connectionType>[0]),
      vitals: {
        lcp: within(vitals.lcp),
        inp: within(vitals.inp),
        cls: within(vitals.cls, 1000),
        fcp: within(vitals.fcp),
        ttfb: within(vitals.ttfb),
      },
      attribution: { ...attribution },
      load: within(attempt(loadEnd, null)),
      delivery: deliverySince(before, deliveryNow()),
      engagement: {
        engagedMs: Math.min(Math.round(engaged.total(performance.now())), dayMs),
        scrollDepth: depth.ratio((document.scrollingElement ?? document.documentElement).scrollHeight),
      },
    }),
  }
}

function seam(): PageSeam | undefined {
  return (window as { peerpress?: PageSeam }).peerpress
}

/** What the document's assets took until now; null without peers, and before a manifest was verified. */
export function deliveryNow(): Delivery | null {
  return attempt(() => seam()?.delivery?.() ?? null, null)
}
