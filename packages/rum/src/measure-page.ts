import type { Beacon } from '@peerpress/wire'
import { attempt } from './attempt.ts'
import { campaignOf } from './campaign.ts'
import type { Target } from './find-target.ts'
import { listen } from './listen.ts'
import { navigationType } from './navigation-type.ts'
import { pageAddress } from './page-address.ts'
import { deliveryNow, observeView } from './page-view.ts'
import { postBeacon } from './post-beacon.ts'
import { referrerHost } from './referrer-host.ts'
import { mayRemember, openSession } from './session.ts'
import { createSnapshots, type Snapshots } from './snapshots.ts'
import { viewId } from './view-id.ts'
import { observeVitals } from './vitals.ts'

/** How many views of one document are kept in case their last snapshot has to be sent again. */
const maxViews = 8
/** ms between two looks whether a frame inside the page still has the reader's attention. */
const frameInterval = 1000

type NavigationEntry = PerformanceNavigationTiming & { readonly activationStart?: number }

/**
 * Measures every view of this document: the one that has begun, and one more each time it comes back from the
 * back/forward cache. A snapshot is sent whenever the page is hidden and something has changed; one that did not arrive
 * is followed by a later one at the next occasion.
 */
export function measurePage(target: Target): void {
  const entry = navigationEntry()
  const activationStart = entry?.activationStart ?? 0
  const { wasDiscarded = false } = document as { readonly wasDiscarded?: boolean }
  const views: Snapshots[] = []
  const session = attempt(() => mayRemember(target, window), false) ? openSession(window) : null
  let frameTimer: ReturnType<typeof setTimeout> | undefined
  let view = observeView(() => loadEnd(activationStart), null)
  let snapshots = number(navigationType({ entry, activationStart, wasDiscarded }), activationStart)
  attend()
  view.look()

  // Before web-vitals registers its listener: what that reports of a restored page belongs to the new view.
  listen('pageshow', restore, { capture: true })
  observeVitals((name, value, reasons) => {
    view.vitals[name] = value
    Object.assign(view.attribution, reasons)
  })
  // Not in the capture phase, where web-vitals settles its figures: the snapshot is to have them.
  listen('visibilitychange', () => {
    attend()
    view.look()
    if (document.visibilityState === 'hidden') report()
    else if (views.some((each) => each.owes())) send()
  })
  // A page that is left while visible becomes hidden right after this.
  listen('pagehide', () => {
    if (document.visibilityState === 'hidden') report()
  })
  listen('focus', attend)
  listen('blur', attend)
  listen('resize', () => view.look())
  listen(
    'scroll',
    oncePerFrame(() => view.look()),
    { passive: true },
  )

  function restore({ persisted, timeStamp }: PageTransitionEvent): void {
    if (!persisted) return
    view = observeView(() => null, deliveryNow())
    snapshots = number('back-forward-cache', timeStamp)
    attend()
    view.look()
  }

  function attend(): void {
    view.attend()
    clearTimeout(frameTimer)
    // When the focus leaves a frame for another window, the page that holds the frame is told nothing.
    if (document.activeElement?.tagName === 'IFRAME' && document.hasFocus()) {
      frameTimer = setTimeout(() => attempt(attend, undefined), frameInterval)
    }
  }

  function number(navigation: Beacon['navigation'], startedAt: number): Snapshots {
    const { site, post } = target
    const started = createSnapshots({
      site,
      post,
      view: viewId(),
      url: pageAddress(location),
      navigation,
      referrer: attempt(() => referrerHost(document.referrer), null),
      campaign: attempt(() => campaignOf(location.search), null),
      session: attempt(() => session?.begin(Date.now()) ?? null, null),
      startedAt,
    })
    views.push(started)
    if (views.length > maxViews) views.shift()
    return started
  }

  function report(): void {
    snapshots.update(view.figures())
    attempt(() => session?.touch(Date.now()), undefined)
    send()
  }

  function send(): void {
    for (const each of views) {
      const beacon = each.next(performance.now())
      if (!beacon) continue
      void postBeacon(target.server, JSON.stringify(beacon)).then(
        (arrived) => arrived || each.lost(beacon.sequence),
      )
    }
  }
}

function navigationEntry(): NavigationEntry | undefined {
  return attempt<NavigationEntry | undefined>(() => performance.getEntriesByType('navigation')[0], undefined)
}

function loadEnd(activationStart: number): number | null {
  const end = navigationEntry()?.loadEventEnd ?? 0
  return end > 0 ? Math.max(0, end - activationStart) : null
}

function oncePerFrame(work: () => void): () => void {
  let waiting = false
  return () => {
    if (waiting) return
    waiting = true
    // When the frame is laid out anyway, asking where the page stands costs no layout of its own.
    requestAnimationFrame(() => {
      waiting = false
      attempt(work, undefined)
    })
  }
}
