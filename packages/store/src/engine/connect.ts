import type { Connection, Limits } from './connection.ts'
import { refuseDamaged } from './directory/damage.ts'
import { connectEmbedded } from './embedded/embedded-connection.ts'
import { engineMemory } from './engine-memory.ts'
import type { ServerAddress } from './server/server-connection.ts'

/** Where the views are stored, and the limits of a query. */
export type StoreLocation = ({ readonly directory: string } | ServerAddress) & {
  /**
   * Maximum time of a query, ms.
   * @default 30_000
   */
  readonly queryTime?: number
  /**
   * Maximum memory of the embedded engine, bytes. One query may use half of it, on a server too.
   * @default a quarter of the memory of the machine or its container, from 1 to 16 GiB
   */
  readonly memory?: number
}

/**
 * Connects to the engine of a directory, in a child process, or to a ClickHouse server.
 * @throws {StoreError} `directory-locked`, `unusable-directory`, `damaged`, `unavailable`
 */
export async function connect(location: StoreLocation): Promise<Connection> {
  const { queryTime = 30_000, memory = engineMemory() } = location
  const limits = { queryTime, memory }
  if ('directory' in location) return connectSound(location.directory, limits)
  // The embedded engine does not need the client of a server.
  const { connectToServer } = await import('./server/server-connection.ts')
  return connectToServer(location, limits)
}

/**
 * Checks the files before and after the start, because the engine starts without unreadable files and reports nothing.
 */
async function connectSound(directory: string, limits: Limits): Promise<Connection> {
  await refuseDamaged(directory)
  const connection = await connectEmbedded(directory, limits)
  try {
    await refuseDamaged(directory)
  } catch (error) {
    await connection.close()
    throw error
  }
  return connection
}
