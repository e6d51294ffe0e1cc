import type { Attribution, Delivery, PageSeam } from '@peerpress/wire'
import { attempt } from '../attempt.ts'
import { noAttribution } from '../vitals/attribution.ts'
import { connectionType } from './connection-type.ts'
import { deliverySince } from '../watch/delivery-since.ts'
import { type DocumentTiming, notLoaded } from './document-timing.ts'
import { engagedTime } from '../watch/engaged-time.ts'
import { scrollDepth } from '../watch/scroll-depth.ts'
import type { ViewFigures } from '../sending/snapshots.ts'
import { noTallies, type Tallies } from '../watch/tallies.ts'
import { noVitals, type Vitals } from '../vitals/vitals.ts'
import { dayMs, within } from '../within.ts'

/** The observation of a view. */
export interface PageView {
  readonly vitals: Vitals
  readonly attribution: Attribution
  readonly tallies: Tallies
  /** Checks whether the page has the reader's attention. Call it whenever that may have changed. */
  readonly attend: () => void
  /** Checks how far down the page the reader sees. */
  readonly look: () => void
  /** Returns all figures as of now. */
  readonly figures: () => ViewFigures
  /** Ends the view. Afterwards only vitals change its figures, because they may be reported late. */
  readonly end: () => void
}

/**
 * Begins to observe a view. `loading` returns the document's timing. `before` holds the delivery figures that earlier
 * views of the same document reported.
 */
export function observeView(loading: () => DocumentTiming, before: Delivery | null): PageView {
  const vitals: Vitals = { ...noVitals }
  const attribution: Attribution = { ...noAttribution }
  const tallies = noTallies()
  const engaged = engagedTime()
  const depth = scrollDepth()
  let last: ViewFigures | undefined

  const figures = (): ViewFigures => {
    const { ttfb, load, timing } = attempt(loading, notLoaded)
    return {
      ...(last ?? {
        arm: seam()?.arm ?? 'ineligible',
        connection: connectionType(navigator as Parameters<typeof connectionType>[0]),
        load,
        timing,
        ...tallies,
        // A page with the loader reports delivery by its manifest, or none.
        delivery: seam() ? deliverySince(before, deliveryNow()) : tallies.delivery,
        engagement: {
          engagedMs: Math.min(Math.round(engaged.total(performance.now())), dayMs),
          scrollDepth: depth.ratio((document.scrollingElement ?? document.documentElement).scrollHeight),
        },
      }),
      vitals: {
        lcp: within(vitals.lcp),
        inp: within(vitals.inp),
        cls: within(vitals.cls, 1000),
        fcp: within(vitals.fcp),
        ttfb,
      },
      attribution: { ...attribution },
    }
  }

  return {
    vitals,
    attribution,
    tallies,
    attend() {
      engaged.attend(document.visibilityState === 'visible' && document.hasFocus(), performance.now())
    },
    look() {
      if (document.visibilityState === 'visible') depth.seen(scrollY + innerHeight)
    },
    figures,
    end() {
      last = figures()
    },
  }
}

function seam(): PageSeam | undefined {
  return (window as { peerpress?: PageSeam }).peerpress
}

/** Returns the delivery figures of the document so far; null without peers and before a manifest was verified. */
export function deliveryNow(): Delivery | null {
  return attempt(() => seam()?.delivery?.() ?? null, null)
}
