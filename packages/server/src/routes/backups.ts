import { pipeline } from 'node:stream/promises'
import { StoreError } from '@peerpress/store'
import { Router } from 'express'
import { packBackup } from '../backup/pack-backup.ts'
import { type BackupSources, stageBackup, type StagedBackup } from '../backup/stage-backup.ts'
import { refuseUnless } from '../entry/refuse-unless.ts'
import type { Senders } from '../entry/senders.ts'
import { hasClientLeft, type Problem, sendProblem } from '../entry/problem.ts'
import { ServerError } from '../server-error.ts'

/** ms that staging may take: two minutes for the store to receive accepted beacons, then the links and records. */
const stagingTime = 30 * 60_000
/** ms after which the connection of a client that reads nothing is closed: a staged backup takes disk space. */
const idleTime = 120_000

/**
 * `POST /v1/backup`: a backup as a tar archive, for administrators. The headers `Peerpress-Files` and `Peerpress-Bytes` have its
 * size. An archive whose last entry is not `backup.json` is incomplete. With `?measurements=0` it has the records, keys and
 * assets alone.
 */
export function backupRoutes(
  options: Omit<BackupSources, 'collector'> & {
    /** Throws while the collector does not run. Returns null on a server without the role. */
    readonly collector: () => BackupSources['collector']
    /** Whether the assets are in the folder of this server. */
    readonly hasAssets: boolean
    readonly senders: Senders
  },
): Router {
  const { senders } = options
  const router = Router()
  let isRunning = false
  router.post('/v1/backup', async (request, response) => {
    response.set({ 'Cache-Control': 'no-store' })
    const { principal, mutationRefusal } = await senders.senderOf(request)
    if (refuseUnless(response, { principal, action: 'installation.manage', site: null, mutationRefusal }))
      return
    if (!options.hasAssets) {
      const detail =
        'This server does not have the role publisher, so the assets are in the data folder of another one: back that one up, with --server URL.'
      sendProblem(response, { status: 409, code: 'assets-elsewhere', detail })
      return
    }
    const sources = { ...options, collector: options.collector() }
    if (isRunning) {
      const detail = 'Another backup is being taken; try again when it is done.'
      sendProblem(response, { status: 409, code: 'backup-running', detail, retryAfter: 60 })
      return
    }
    isRunning = true
    // The server's limit for silent connections is shorter than the time for the store to receive accepted beacons.
    response.setTimeout(stagingTime, () => response.destroy())
    let staged: StagedBackup | undefined
    try {
      staged = await stageBackup(sources, { withoutMeasurements: request.query['measurements'] === '0' })
      response.set({
        'Content-Type': 'application/x-tar',
        'Peerpress-Files': String(staged.files.length),
        'Peerpress-Bytes': String(staged.size),
      })
      response.setTimeout(idleTime)
      response.flushHeaders()
      await pipeline(packBackup(staged), response)
    } catch (error) {
      // The answer has begun: the archive breaks off, and the reason is in the log.
      if (response.headersSent) {
        if (!hasClientLeft(response, error)) console.error('the backup broke off:', error)
        response.destroy()
        return
      }
      const problem = problemOf(error)
      if (problem === null) throw error
      sendProblem(response, problem)
    } finally {
      await staged?.release().catch((error: unknown) => console.error('a backup left files behind:', error))
      isRunning = false
    }
  })
  return router
}

function problemOf(error: unknown): Problem | null {
  if (error instanceof StoreError && error.code === 'not-embedded') {
    return { status: 409, code: 'measurements-elsewhere', detail: error.message }
  }
  if (error instanceof ServerError) return { status: 503, code: error.code, detail: error.message }
  if (error instanceof StoreError) return { status: 503, code: 'unavailable', detail: error.message }
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC') {
    const detail = 'The disk of the data folder is full; a backup needs a little room beside the data.'
    return { status: 503, code: 'disk-full', detail }
  }
  return null
}
