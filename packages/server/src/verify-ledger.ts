import { join } from 'node:path'
import { hasPostgresFiles, type LedgerCheck, openRegistry, RegistryError } from '@peerpress/registry'
import type { ServerConfig } from './config/config.ts'
import { ledgerFile } from './engines.ts'
import { ServerError } from './server-error.ts'

/**
 * Checks the ledger of a data folder, beside no server.
 * @returns null if a server has the folder
 * @throws {ServerError} `missing-part` if the folder has no records
 * @throws {RegistryError} as of `openRegistry` and `verify`
 */
export async function verifyLedger({
  dataDirectory,
  postgresUrl,
}: ServerConfig): Promise<LedgerCheck | null> {
  const directory = join(dataDirectory, 'registry')
  if (postgresUrl === undefined && !hasPostgresFiles(join(directory, 'postgres'))) {
    throw new ServerError(
      'missing-part',
      `${dataDirectory} has no records: name the server's data folder with --data`,
    )
  }
  const location = postgresUrl === undefined ? { directory } : { url: postgresUrl }
  try {
    const registry = await openRegistry({ ...location, ledgerFile: join(dataDirectory, ledgerFile) })
    try {
      return await registry.ledger.verify()
    } finally {
      await registry.close()
    }
  } catch (error) {
    if (error instanceof RegistryError && error.code === 'locked') return null
    throw error
  }
}
