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

/** ms between two looks whether a frame inside the page still has the reader's attention. */
const frameInterval = 1000
/** ms after which what the browser is to send at a sudden end is brought up to date. */
const laterInterval = 60_000

/** ms after which what earlier pages could not send is sent: the page's own first loads come before it. */
const retryDelay = 3000

type NavigationEntry = PerformanceNavigationTiming & { readonly activationStart?: number }

/** The measuring of a page. */
export interface PageMeasurement {
  /** Counts an event of the page's own in the view of now, and adds up the values that are given with it. */
  readonly event: (name: string, value?: number) => void
  /** Ends measuring: from now on nothing is observed, counted or sent. */
  readonly stop: () => void
}

/**
 * Measures every view of this document: the one that has begun, one more each time it comes back from the back/forward
 * cache, and one for each path that its own script goes on to. A snapshot is sent whenever the page is hidden or a view
 * ends, and something has changed; one that did not arrive is followed by a later one at the next occasion.
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
  // When the frame is laid out anyway, asking where the page stands costs no layout of its own.
  const lookSoon = once(requestAnimationFrame, () => views.now().look())
  // Vitals come one after another, and each takes the browser more than a millisecond to take.
  const leaveSoon = once(whenIdleOrHidden, leaveToBrowser)
  const views = documentViews(target, () => (mayKeep() ? session.begin(Date.now()) : null), beforeSend)
  let path = pageAddress(location, target.hashRoutes)
  let frameTimer: ReturnType<typeof setTimeout> | undefined
  /** Takes back what the browser was left to send. */
  let takeBack: (() => void) | undefined
  views.begin(navigationType(entry, activationStart, wasDiscarded), activationStart, () =>
    documentTiming(navigationEntry(), activationStart),
  )
  attend()
  attempt(lookSoon)

  const listen = listenUntil(signal)
  // Before web-vitals registers its listener: what that reports of a restored page belongs to the new view.
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
  // Not in the capture phase, where web-vitals settles its figures: the snapshot is to have them.
  listen('visibilitychange', () => {
    attend()
    lookSoon()
    if (document.visibilityState === 'hidden') report()
    else resend()
  })
  // A page that is left while visible becomes hidden right after this.
  listen('pagehide', () => document.visibilityState === 'hidden' && report())
  listen('online', resend)
  listen('focus', attend)
  listen('blur', attend)
  listen('resize', lookSoon)
  listen('scroll', lookSoon)
  // Browsers without it tell nobody that a script went on to another address.
  const { navigation } = window as { readonly navigation?: EventTarget }
  navigation?.addEventListener('currententrychange', (event) => attempt(() => follow(event)), {
    signal,
  })
  // They tell of another fragment, though.
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

  /** A path that was replaced was never read: the view has another address, and is the same. */
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
    // When the focus leaves a frame for another window, the page that holds the frame is told nothing.
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

  /** Whatever ends the page, a crash included, the browser sends what was known then, or a minute before. */
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

/** Has work done `soon`, once however often it was asked for until then. */
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
