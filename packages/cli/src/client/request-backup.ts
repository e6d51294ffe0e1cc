import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { json } from 'node:stream/consumers'
import type { BackupStream } from '@peerpress/server'
import { CliError } from '../cli-error.ts'

/** A request for a backup of a running server. */
export interface BackupRequest {
  readonly server: string
  readonly token: string
  readonly withoutMeasurements: boolean
  readonly signal: AbortSignal
}

/**
 * Requests a backup from a running server. The response begins when the store holds every beacon that was accepted
 * before, which may take minutes.
 * @throws {CliError} `server-unreachable`, `server-refused`, `backup-broken` when the server ended meanwhile
 */
export async function requestBackup({
  server,
  token,
  withoutMeasurements,
  signal,
}: BackupRequest): Promise<BackupStream> {
  const url = new URL(`/v1/backup${withoutMeasurements ? '?measurements=0' : ''}`, server)
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = url.protocol === 'https:' ? requestHttps : requestHttp
    request(url, { method: 'POST', headers: { authorization: `Bearer ${token}` }, signal })
      .once('response', resolve)
      .once('error', reject)
      .end()
  }).catch((cause: unknown) => {
    if (signal.aborted) throw signal.reason
    if (['ECONNRESET', 'EPIPE'].includes(String((cause as NodeJS.ErrnoException).code))) {
      const ended = `the server at ${url.origin} ended before the backup was complete, or the connection to it broke: see what it printed, and try again`
      throw new CliError('backup-broken', ended, { cause })
    }
    const what = `no server answers at ${url.origin}, and the data folder is in use: name the server with --server`
    throw new CliError('server-unreachable', what, { cause })
  })
  if (response.statusCode === 404) {
    response.destroy()
    const where = `${url.origin} makes no backups: it is no PeerPress server, or one without the role api. Name another one with --server.`
    throw new CliError('server-refused', where)
  }
  if (response.statusCode !== 200) {
    const problem = (await json(response).catch(() => ({}))) as { detail?: string }
    const detail = problem.detail ?? `the server answered ${response.statusCode}`
    throw new CliError('server-refused', detail)
  }
  return {
    archive: response,
    files: Number(response.headers['peerpress-files']),
    size: Number(response.headers['peerpress-bytes']),
    close: async () => {
      response.destroy()
    },
  }
}
