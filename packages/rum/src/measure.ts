import { attempt } from './attempt.ts'
import { soundTarget } from './page/find-target.ts'
import { measureWhenSeen } from './measure-when-seen.ts'
import type { EventValues, Measurement } from './measurement.ts'
import type { BeforeSend } from './sending/before-send.ts'

/** Options of {@link measure}. */
export interface MeasureOptions {
  /** The site's id, as printed by `./peerpress site add`. */
  readonly site: string
  /** URL of the PeerPress server, for example `https://peerpress.example.org`. */
  readonly server: string
  /** Id of the page's post. @default null: the page is not a post that the server knows */
  readonly post?: string | null
  /**
   * Whether the browser may store a session in the tab and undelivered reports. It never stores them if it sends Global
   * Privacy Control.
   * @default 'required': not before `consent(true)`
   */
  readonly consent?: 'assumed' | 'required'
  /** Ratio of sessions that are measured, 0-1. @default 1 */
  readonly sampling?: number
  /** Whether a fragment that starts with a slash (`#/two`) is part of the page's path. @default false */
  readonly hashRoutes?: boolean
  /** Called with each report before it is sent. */
  readonly beforeSend?: BeforeSend
}

/**
 * Measures every view of this document from now on. Call it once. Never throws. Invalid options measure nothing and
 * cause a warning on the console. Outside a browser, nothing is measured.
 */
export function measure<
  Events extends { readonly [Name in keyof Events]: number | undefined } = EventValues,
>({
  site,
  server,
  post = null,
  consent = 'required',
  sampling = 1,
  hashRoutes = false,
  beforeSend,
}: MeasureOptions): Measurement<Events> {
  const target = attempt(
    () => soundTarget({ site, server: new URL(server).origin, post, consent, sampling, hashRoutes }),
    null,
  )
  if (target) return measureWhenSeen(target, beforeSend) as Measurement<Events>
  console.warn('peerpress: nothing is measured, because the options are invalid', {
    site,
    server,
    post,
    sampling,
  })
  const nothing = (): void => {}
  return { event: nothing, consent: nothing, stop: nothing }
}
