import type { Collector } from '@peerpress/collector'
import type { Tracker } from '@peerpress/tracker'
import { Router } from 'express'
import { metricsText } from '../metrics-text.ts'

/** `/healthz`: the process answers. `/readyz`: its engines do. `/metrics`: counts in Prometheus' text format. */
export function healthRoutes(options: {
  readonly ready: () => Promise<void>
  readonly collector: Collector
  readonly tracker: Tracker
}): Router {
  const { ready, collector, tracker } = options
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
    response.type('text/plain; version=0.0.4').send(metricsText(collector, tracker))
  })
  return router
}
