import type { Collector } from '@peerpress/collector'
import type { Publisher } from '@peerpress/publisher'
import type { Tracker } from '@peerpress/tracker'
import { Router } from 'express'
import type { StoreDamageWatch } from '../data-folder/watch-store-damage.ts'
import type { Bodies } from '../entry/bodies.ts'
import { metricsText } from '../metrics/metrics-text.ts'
import type { UnexpectedErrors } from '../metrics/unexpected-errors.ts'
import type { PublicationWatch } from '../metrics/watch-publications.ts'

/** How a part of the server was when it last looked. */
export interface PartHealth {
  readonly ok: boolean
  /** Why not; null while all is well. */
  readonly detail: string | null
}

/**
 * `/healthz`: the process answers. `/readyz`: 200 when every part says that it is well, else 503 with the reasons. It asks no
 * engine anything: each part checks itself now and then, and answers from that. `/metrics`: counts in Prometheus' text
 * format.
 */
export function healthRoutes(options: {
  readonly parts: Readonly<Record<string, () => PartHealth>>
  readonly collector: Collector
  readonly tracker: Tracker
  readonly publisher: Pick<Publisher, 'unknownFields'>
  readonly bodies: Bodies
  readonly errors: UnexpectedErrors | undefined
  readonly storeDamage: StoreDamageWatch
  readonly publications: PublicationWatch
}): Router {
  const { parts, ...counted } = options
  const router = Router()
  router.get('/healthz', (_request, response) => {
    response.type('text/plain').send('ok\n')
  })
  router.get('/readyz', (_request, response) => {
    const problems = Object.entries(parts).flatMap(([name, health]) => {
      const { ok, detail } = health()
      return ok ? [] : [`${name}: ${detail ?? 'not ready'}\n`]
    })
    response
      .status(problems.length === 0 ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .type('text/plain')
      .send(problems.length === 0 ? 'ready\n' : `not ready\n${problems.join('')}`)
  })
  router.get('/metrics', (_request, response) => {
    response.type('text/plain; version=0.0.4').send(metricsText(counted))
  })
  return router
}
