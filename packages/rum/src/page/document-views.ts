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

/** How many views of one document are kept in case their last snapshot has to be sent again. */
const maxViews = 8

/** A view and its snapshots. */
export interface View extends PageView {
  readonly snapshots: Snapshots
  /** ms of the document's clock */
  readonly startedAt: number
  readonly sampled: boolean
}

/** The views that a document is in, one after another. */
export interface DocumentViews {
  /** The view that the document is in. */
  readonly now: () => View
  /** The view that the document was in at that time, ms of its clock. */
  readonly at: (time: number) => View
  /** Those whose snapshots may still be owed, oldest first. */
  readonly all: readonly View[]
  /** The document is in another view from now on. */
  readonly begin: (navigation: Beacon['navigation'], startedAt: number, loading: () => DocumentTiming) => View
  /** Gives a vital to the view that it is of. */
  readonly hear: (vital: VitalReport) => void
}

/** Before its first view. `beginInSession` gives the session that a view which begins is part of. */
export function documentViews(
  target: Target,
  beginInSession: () => Beacon['session'],
  beforeSend?: BeforeSend,
): DocumentViews {
  const views: View[] = []
  /** Whose the vitals are that began at a time, and whether the view began with them. */
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
        // Which post a script went on to is not known here.
        post: soft ? null : post,
        view: id,
        url: pageAddress(location, target.hashRoutes),
        sampling,
        automated: navigator.webdriver,
        hidden: beganHidden(navigation),
        navigation,
        // What led to the document led to its first view alone.
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
        // A soft navigation begins with the reader's input, its view when the address changes because of that.
        const own = views.find((each) => each.startedAt >= startedAt)
        starts.set(startedAt, (known = [own ?? now(), !!own]))
      }
      const [{ vitals, attribution }, whole] = known
      // The view has begun before, with vitals of its own: what is worse than those counts.
      if (!whole && ((name !== 'inp' && name !== 'cls') || value <= (vitals[name] ?? 0))) return
      vitals[name] = value
      Object.assign(attribution, reasons)
    },
  }
}

/** Whether nobody saw the page when the view began; a page that was rendered in advance begins when it is shown. */
function beganHidden(navigation: Beacon['navigation']): boolean {
  const first = attempt(() => performance.getEntriesByType('visibility-state')[0]?.name)
  const loaded = !/^(prerender|back-forward-cache|soft-navigation)$/.test(navigation)
  return ((loaded && first) || document.visibilityState) === 'hidden'
}
