import type { Collector } from '@peerpress/collector'
import type { Tracker } from '@peerpress/tracker'
import { Router } from 'express'

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
    response
      .type('text/plain; version=0.0.4')
      .send(
        [
          ...counterLines('peerpress_beacons_total', 'Beacons by outcome.', collector.counts()),
          ...counterLines('peerpress_tracker_events_total', 'Tracker events by kind.', tracker.counts()),
          '',
        ].join('\n'),
      )
  })
  return router
}

function counterLines(name: string, help: string, counts: Readonly<Record<string, number>>): string[] {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} counter`,
    ...Object.entries(counts).map(([label, value]) => `${name}{kind="${label}"} ${value}`),
  ]
}
