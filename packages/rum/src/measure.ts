import { attempt } from './attempt.ts'
import { soundTarget } from './page/find-target.ts'
import { measureWhenSeen } from './measure-when-seen.ts'
import type { EventValues, Measurement } from './measurement.ts'
import type { BeforeSend } from './sending/before-send.ts'

/** Who is told of a page's views, and what. */
export interface MeasureOptions {
  /** The site's id, as `./peerpress site add` prints it. */
  readonly site: string
  /** The PeerPress server: `https://peerpress.example.org`. */
  readonly server: string
  /** The post that the page is. @default null: none that the server knows */
  readonly post?: string | null
  /**
   * Whether the browser may remember a session in the tab, and what could not be sent. Not at all where it sends Global
   * Privacy Control. @default 'required': not before `consent(true)`
   */
  readonly consent?: 'assumed' | 'required'
  /** Share of sessions to measure, ratio 0-1. @default 1 */
  readonly sampling?: number
  /** Whether a fragment that begins with a slash (`#/two`) is part of a page's path. @default false */
  readonly hashRoutes?: boolean
  /** Has a look at each report before it is sent. */
  readonly beforeSend?: BeforeSend
}

/**
 * Measures every view of this document from now on; once is enough. Never throws: what makes no sense, and a runtime
 * that is no browser, is not measured, the former with a warning on the console.
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
  console.warn('peerpress: nothing is measured, for the options make no sense', {
    site,
    server,
    post,
    sampling,
  })
  const nothing = (): void => {}
  return { event: nothing, consent: nothing, stop: nothing }
}
