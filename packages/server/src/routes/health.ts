import { Router } from 'express'
import { type CountingParts, metricsText } from '../metrics/metrics-text.ts'

/** How a part of the server was when it last looked. */
export interface PartHealth {
  readonly ok: boolean
  /** Why not; null while all is well. */
  readonly detail: string | null
}

export interface HealthOptions extends CountingParts {
  /** The engines. */
  readonly parts: Readonly<Record<string, () => PartHealth>>
}

/**
 * `/healthz`: 200 while the process answers, with a line for each role that does not work. `/readyz`: 200 if every engine and
 * every role works, else 503 with the reasons. Both answer from the last checks and query no engine. `/metrics`: counts in
 * Prometheus' text format.
 */
export function healthRoutes({ parts, ...counted }: HealthOptions): Router {
  const router = Router()
  router.get('/healthz', (_request, response) => {
    response.type('text/plain').send(`ok\n${problemsOf(counted.roles()).join('')}`)
  })
  router.get('/readyz', (_request, response) => {
    const engines = Object.entries(parts).map(([name, health]) => ({ name, ...health() }))
    const problems = problemsOf([...engines, ...counted.roles()])
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

function problemsOf(parts: readonly (PartHealth & { readonly name: string })[]): string[] {
  return parts.flatMap(({ name, ok, detail }) => (ok ? [] : [`${name}: ${detail ?? 'not ready'}\n`]))
}
