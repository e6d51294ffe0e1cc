import type { Beacon } from '@peerpress/wire'
import { whenIdleOrHidden } from 'web-vitals/lib/whenIdleOrHidden.js'
import { attempt } from './attempt.ts'
import { countEvent } from './watch/count-event.ts'
import { documentTiming, loadedBefore, notLoaded } from './page/document-timing.ts'
import { documentViews } from './page/document-views.ts'
import type { Target } from './page/find-target.ts'
import { listenUntil } from './watch/listen.ts'
import { navigationType } from './page/navigation-type.ts'
import { pageAddress } from './page/page-address.ts'
import { createSender } from './sending/sender.ts'
import type { BeforeSend } from './sending/before-send.ts'
import { mayRemember, openSession } from './page/session.ts'
import { observeVitals } from './vitals/vitals.ts'
import { watchActions } from './watch/watch-actions.ts'
import { watchErrors } from './watch/watch-errors.ts'
import { watchLoading } from './watch/watch-loading.ts'
import { watchPlaying } from './watch/watch-playing.ts'

/** Interval at which the SDK checks whether a frame inside the page still has the focus, ms. */
const frameInterval = 1000
/** Interval at which the beacon that the browser sends at a sudden end is updated, ms. */
const laterInterval = 60_000

/** Delay before undelivered beacons of earlier pages are sent, ms. The page's own loads have priority. */
const retryDelay = 3000

type NavigationEntry = PerformanceNavigationTiming & { readonly activationStart?: number }

/** The measurement of a page. */
export interface PageMeasurement {
  /** Counts a custom event of the page in the current view, and sums the values passed with it. */
  readonly event: (name: string, value?: number) => void
  /** Ends the measurement. Nothing is observed, counted or sent afterwards. */
  readonly stop: () => void
}

/**
 * Measures every view of this document: the first one, one after each return from the back/forward cache, and one for
 * each path that the page's own script navigates to. If something has changed, a snapshot is sent when the page is
 * hidden or a view ends. An undelivered snapshot is followed by a newer one at the next opportunity.
 */
export function measurePage(target: Target, beforeSend?: BeforeSend): PageMeasurement {
  const ending = new AbortController()
  const { signal } = ending
  const entry = navigationEntry()
  const activationStart = entry?.activationStart ?? 0
  const { wasDiscarded = false } = document as { readonly wasDiscarded?: boolean }
  const mayKeep = (): boolean => attempt(() => mayRemember(target, window), false)
  const session = openSession(window)
  const sender = createSender(target.server, mayKeep)
  // In an animation frame, layout is up to date, so reading the scroll position forces no extra layout.
  const lookSoon = once(requestAnimationFrame, () => views.now().look())
  // Vitals arrive one after another, and each update costs the browser more than a millisecond.
  const leaveSoon = once(whenIdleOrHidden, leaveToBrowser)
  const views = documentViews(target, () => (mayKeep() ? session.begin(Date.now()) : null), beforeSend)
  let path = pageAddress(location, target.hashRoutes)
  let frameTimer: ReturnType<typeof setTimeout> | undefined
  /** Cancels the beacon that the browser would send at the end of the page. */
  let takeBack: (() => void) | undefined
  views.begin(navigationType(entry, activationStart, wasDiscarded), activationStart, () =>
    documentTiming(navigationEntry(), activationStart),
  )
  attend()
  attempt(lookSoon)

  const listen = listenUntil(signal)
  // Registered before the listener of web-vitals: vitals of a restored page belong to the new view.
  listen('pageshow', ({ persisted, timeStamp }) => persisted && goOn('back-forward-cache', timeStamp), true)
  observeVitals((vital) => {
    if (signal.aborted) return
    views.hear(vital)
    leaveSoon()
  })
  const tallies = () => views.now().tallies
  watchErrors(tallies, listen)
  watchActions(tallies, listen)
  watchPlaying(tallies, listen)
  watchLoading((time) => views.at(time).tallies, target.server, signal)
  // Not in the capture phase, where web-vitals finalizes its figures: the snapshot must include them.
  listen('visibilitychange', () => {
    attend()
    lookSoon()
    if (document.visibilityState === 'hidden') report()
    else resend()
  })
  // A page that is left while visible becomes hidden right after this event.
  listen('pagehide', () => document.visibilityState === 'hidden' && report())
  listen('online', resend)
  listen('focus', attend)
  listen('blur', attend)
  listen('resize', lookSoon)
  listen('scroll', lookSoon)
  // Without the Navigation API, the SDK does not see address changes by scripts.
  const { navigation } = window as { readonly navigation?: EventTarget }
  navigation?.addEventListener('currententrychange', (event) => attempt(() => follow(event)), {
    signal,
  })
  // Changes of the fragment are visible in all browsers.
  if (target.hashRoutes) listen('hashchange', follow)
  const laterTimer = setInterval(leaveToBrowser, laterInterval)
  const retryTimer = setTimeout(sender.retry, retryDelay)
  signal.addEventListener('abort', () => {
    clearInterval(laterTimer)
    clearTimeout(frameTimer)
    clearTimeout(retryTimer)
    takeBack?.()
  })

  return {
    event(name, value) {
      if (!signal.aborted) attempt(() => countEvent(tallies(), name, value))
    },
    stop: () => ending.abort(),
  }

  function goOn(kind: Beacon['navigation'], startedAt: number): void {
    views.now().end()
    views.begin(kind, startedAt, () => (kind === 'soft-navigation' ? notLoaded : loadedBefore))
    attend()
    attempt(lookSoon)
  }

  /**
   * Begins a new view after a script changed the path. A replaced path keeps the view, because its page was never
   * shown.
   */
  function follow({ navigationType: kind }: Event & { readonly navigationType?: unknown }): void {
    const before = path
    path = pageAddress(location, target.hashRoutes)
    if (signal.aborted || kind === 'replace' || path === before) return
    report()
    goOn('soft-navigation', performance.now())
  }

  function attend(): void {
    views.now().attend()
    clearTimeout(frameTimer)
    // If the focus moves from a frame to another window, the page that contains the frame gets no event.
    if (document.activeElement?.tagName === 'IFRAME' && document.hasFocus()) {
      frameTimer = setTimeout(() => attempt(attend), frameInterval)
    }
  }

  function report(): void {
    for (const each of views.all) each.snapshots.update(each.figures())
    attempt(() => session.touch(Date.now()))
    send()
  }

  function resend(): void {
    if (views.all.some(({ snapshots }) => snapshots.owes())) send()
  }

  function send(): void {
    takeBack?.()
    for (const { snapshots, sampled } of views.all) {
      const beacon = sampled && snapshots.next(performance.now())
      if (beacon) sender.send(beacon, () => snapshots.lost(beacon.sequence))
    }
  }

  /**
   * Hands the current snapshot to the browser, which sends it however the page ends, even after a crash. It is at most
   * a minute old.
   */
  function leaveToBrowser(): void {
    attempt(() => {
      takeBack?.()
      const { snapshots, sampled, figures } = views.now()
      if (!sampled || document.visibilityState === 'hidden') return
      snapshots.update(figures())
      const beacon = snapshots.peek(performance.now())
      const takeIt = beacon && sender.sendLater(beacon)
      if (!takeIt) return
      takeBack = () => {
        takeBack = undefined
        if (!takeIt()) snapshots.skip()
      }
    })
  }
}

function navigationEntry(): NavigationEntry | undefined {
  return attempt<NavigationEntry | undefined>(() => performance.getEntriesByType('navigation')[0])
}

/** Returns a function that schedules `work` with `soon`. Repeated calls before it runs schedule it once. */
function once(soon: (work: () => void) => unknown, work: () => void): () => void {
  let waiting = false
  return () => {
    if (waiting) return
    waiting = true
    soon(() => {
      waiting = false
      attempt(work)
    })
  }
}
