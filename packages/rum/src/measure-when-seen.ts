import { whenActivated } from 'web-vitals/lib/whenActivated.js'
import { attempt } from './attempt.ts'
import type { Target } from './page/find-target.ts'
import { forgetBeacons } from './sending/kept-beacons.ts'
import { measurePage, type PageMeasurement } from './measure-page.ts'
import type { BeforeSend } from './sending/before-send.ts'
import { forgetSession } from './page/session.ts'

/** The measurement of a page that may not have been seen yet. */
export interface PendingMeasurement extends PageMeasurement {
  /** Sets whether the browser may store anything, from the next view on. Without consent, stored data is removed. */
  readonly consent: (granted: boolean) => void
}

/**
 * Measures the page as soon as it is visible for the first time: a prerendered page is not a view until then. Never
 * throws.
 */
export function measureWhenSeen(target: Target, beforeSend?: BeforeSend): PendingMeasurement {
  let measurement: PageMeasurement | undefined
  let stopped = false
  attempt(() =>
    whenActivated(() => {
      if (!stopped) measurement = attempt(() => measurePage(target, beforeSend))
    }),
  )
  return {
    event: (name, value) => measurement?.event(name, value),
    consent(granted) {
      target.consent = granted ? 'assumed' : 'required'
      if (granted) return
      attempt(() => forgetSession(window))
      attempt(forgetBeacons)
    },
    stop() {
      stopped = true
      measurement?.stop()
    },
  }
}
