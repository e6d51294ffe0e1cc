import { workerPath } from '@peerpress/connectors'
import { fetchPublic } from './fetch-public.ts'

/** Why browsers do not take the service worker from a site. */
export type WorkerProblem = 'missing' | 'wrong-type'

/** A JavaScript media type of the HTML standard, as hosts send them. */
const javaScript = /^(?:text|application)\/(?:x-)?(?:java|ecma)script(?:;|$)/i

/** Fetches the worker from the site as a browser does. A site that cannot be reached has no problem of its worker. */
export async function findWorkerProblem(home: string): Promise<WorkerProblem | null> {
  const response = await fetchPublic(new URL(workerPath, home).href).catch(() => null)
  if (response === null) return null
  if (response.body === null) return 'missing'
  return javaScript.test(response.contentType.trim()) ? null : 'wrong-type'
}
