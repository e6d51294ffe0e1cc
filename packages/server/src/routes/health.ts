import type { Collector } from '@peerpress/collector'
import type { Tracker } from '@peerpress/tracker'
import { Router } from 'express'
import type { StoreDamageWatch } from '../data-folder/watch-store-damage.ts'
import type { Bodies } from '../entry/bodies.ts'
import { metricsText } from '../metrics-text.ts'
import type { UnexpectedErrors } from '../unexpected-errors.ts'

/** `/healthz`: the process answers. `/readyz`: its engines do. `/metrics`: counts in Prometheus' text format. */
export function healthRoutes(options: {
  readonly ready: () => Promise<void>
  readonly collector: Collector
  readonly tracker: Tracker
  readonly bodies: Bodies
  readonly errors: UnexpectedErrors | undefined
  readonly storeDamage: StoreDamageWatch
}): Router {
  const { ready, ...counted } = options
  const router = Router()
  router.get('/healthz', (_request, response) => {
    response.type('text/plain').send('ok\n')
  })
  router.get('/readyz', async (_request, response) => {
    try {
      await ready()
      response.type('text/plain').send('ready\n')
    } catch {
      response.status(503).type('text/plain').send('not ready\n')
    }
  })
  router.get('/metrics', (_request, response) => {
    response.type('text/plain; version=0.0.4').send(metricsText(counted))
  })
  return router
}
