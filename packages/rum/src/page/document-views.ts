import type { Beacon } from '@peerpress/wire'
import { attempt } from '../attempt.ts'
import { campaignOf } from './campaign.ts'
import type { DocumentTiming } from './document-timing.ts'
import type { Target } from './find-target.ts'
import { isSampled } from './is-sampled.ts'
import { pageAddress } from './page-address.ts'
import { deliveryNow, observeView, type PageView } from './page-view.ts'
import { referrerHost } from './referrer-host.ts'
import type { BeforeSend } from '../sending/before-send.ts'
import { createSnapshots, type Snapshots } from '../sending/snapshots.ts'
import { viewId } from './view-id.ts'
import type { VitalReport } from '../vitals/vitals.ts'

/** Number of views of one document that are kept in memory, in case their last snapshot must be sent again. */
const maxViews = 8

/** A view and its snapshots. */
export interface View extends PageView {
  readonly snapshots: Snapshots
  /** ms of the document's clock. */
  readonly startedAt: number
  readonly sampled: boolean
}

/** The views of a document, one after another. */
export interface DocumentViews {
  /** Returns the current view. */
  readonly now: () => View
  /** Returns the view that was current at a time, ms of the document's clock. */
  readonly at: (time: number) => View
  /** The views whose snapshots may still have to be sent, oldest first. */
  readonly all: readonly View[]
  /** Ends the current view and begins another one. */
  readonly begin: (navigation: Beacon['navigation'], startedAt: number, loading: () => DocumentTiming) => View
  /** Adds a vital to the view that it belongs to. */
  readonly hear: (vital: VitalReport) => void
}

/** Creates the list of views. `beginInSession` returns the session of a new view. */
export function documentViews(
  target: Target,
  beginInSession: () => Beacon['session'],
  beforeSend?: BeforeSend,
): DocumentViews {
  const views: View[] = []
  /** By start time of vitals: the view that they belong to, and whether the view began with them. */
  const starts = new Map<number, readonly [View, boolean]>()
  const now = (): View => views.at(-1) as View
  return {
    now,
    all: views,
    at: (time) => views.findLast(({ startedAt }) => startedAt <= time) ?? now(),
    begin(navigation, startedAt, loading) {
      const { site, post, sampling } = target
      const soft = navigation === 'soft-navigation'
      const id = viewId()
      const ofSession = attempt(beginInSession, null)
      const start = {
        site,
        // The post of an address that a script navigated to is unknown here.
        post: soft ? null : post,
        view: id,
        url: pageAddress(location, target.hashRoutes),
        sampling,
        automated: navigator.webdriver,
        hidden: beganHidden(navigation),
        navigation,
        // The referrer and the campaign led only to the document's first view.
        referrer: attempt(() => referrerHost(soft ? location.href : document.referrer), null),
        campaign: attempt(() => (soft ? null : campaignOf(location.search)), null),
        session: ofSession,
        startedAt,
      }
      views.push({
        ...observeView(loading, views[0] ? deliveryNow() : null),
        snapshots: createSnapshots(start, beforeSend),
        startedAt,
        sampled: isSampled(ofSession?.id ?? id, sampling),
      })
      if (views.length > maxViews) views.shift()
      return now()
    },
    hear({ name, value, startedAt, reasons }) {
      let known = starts.get(startedAt)
      if (!known) {
        // A soft navigation starts with the reader's input. Its view starts when the address changes afterwards.
        const own = views.find((each) => each.startedAt >= startedAt)
        starts.set(startedAt, (known = [own ?? now(), !!own]))
      }
      const [{ vitals, attribution }, whole] = known
      // The view began earlier, with its own vitals. Only worse values count.
      if (!whole && ((name !== 'inp' && name !== 'cls') || value <= (vitals[name] ?? 0))) return
      vitals[name] = value
      Object.assign(attribution, reasons)
    },
  }
}

/** Returns whether the page was hidden when the view began. A prerendered page begins when it is shown. */
function beganHidden(navigation: Beacon['navigation']): boolean {
  const first = attempt(() => performance.getEntriesByType('visibility-state')[0]?.name)
  const loaded = !/^(prerender|back-forward-cache|soft-navigation)$/.test(navigation)
  return ((loaded && first) || document.visibilityState) === 'hidden'
}
