import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import {
  type BackupStream,
  openOfflineBackup,
  readConfig,
  requireOutside,
  type ServerConfig,
} from '@peerpress/server'
import { CliError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { readOperatorToken } from '../client/graphql-client.ts'
import { progressLine } from '../output/progress-line.ts'
import { megabytes, prepareBackupDirectory, receiveBackup } from '../client/receive-backup.ts'
import { requestBackup } from '../client/request-backup.ts'
import { say } from '../output/say.ts'
import { abortOnStop } from '../stop-signal.ts'

export const backup: Command = {
  usage: `
Usage: ./peerpress backup DIR [options]

Writes records, keys, measurements and assets of one moment into the folder DIR, which must be empty or not exist. The
server may run meanwhile and goes on receiving beacons: every beacon that it answered before is in the backup. DIR is a
backup when it has backup.json. It holds the sites' keys, so protect it like the data folder. It does not hold the operator
token, tickets, codes of sites that are being connected and the salts of visitors' days.

  --server URL            a server that runs elsewhere (http://127.0.0.1:4600 when the data folder is in use)
  --data DIR              the data folder (PEERPRESS_DATA or ./data)
  --without-measurements  leave them out: a ClickHouse server backs them up itself
  --json                  the result as one JSON line

A Postgres server's records are in the backup, too.
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        server: { type: 'string' },
        data: { type: 'string' },
        'without-measurements': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    })
    const [directory] = positionals
    if (directory === undefined || positionals.length !== 1) throw new CliError('usage', 'say "backup DIR"')
    const full = resolve(directory)
    const { data } = values
    const config = readConfig({ ...process.env, ...(data === undefined ? {} : { PEERPRESS_DATA: data }) })
    await requireOutside(full, config.dataDirectory, 'name a folder outside the data folder')
    const removeMade = await prepareBackupDirectory(full)
    const stopping = abortOnStop()
    try {
      const stream = await openStream(config, values, stopping)
      try {
        const { archive, size, files } = stream
        const onBytes = progressLine<number>((bytes) => `${megabytes(bytes)} of ${megabytes(size)}`)
        const received = await receiveBackup({ archive, size, directory: full, onBytes, signal: stopping })
        const { createdAt } = received.index
        const outcome = { directory: full, createdAt, files, bytes: received.size }
        if (values.json) process.stdout.write(`${JSON.stringify(outcome)}\n`)
        say.done(`${full}: ${files} files, ${megabytes(received.size)}, as of ${createdAt}`)
        return 0
      } finally {
        await stream.close()
      }
    } catch (error) {
      await removeMade()
      throw error
    }
  },
}

interface BackupValues {
  readonly server?: string | undefined
  readonly 'without-measurements': boolean
}

/** Opens a backup of the named server, else of the data folder, else of the server that uses the data folder. */
async function openStream(
  config: ServerConfig,
  { server, 'without-measurements': withoutMeasurements }: BackupValues,
  signal: AbortSignal,
): Promise<BackupStream> {
  const ofServer = async (url: string) => {
    const token = await readOperatorToken(config.dataDirectory)
    say.step(`${url} inserts pending measurements into its store`)
    return requestBackup({ server: url, token, withoutMeasurements, signal })
  }
  if (server !== undefined) return ofServer(server)
  try {
    return await openOfflineBackup(config, { withoutMeasurements })
  } catch (error) {
    if (!isLocked(error)) throw error
    return ofServer(`http://127.0.0.1:${config.port}`)
  }
}

function isLocked(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && ['locked', 'directory-locked'].includes(String(error.code))
  )
}
