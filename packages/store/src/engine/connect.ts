import type { Connection, Limits } from './connection.ts'
import { refuseDamaged } from './directory/damage.ts'
import { connectEmbedded } from './embedded/embedded-connection.ts'
import { engineMemory } from './engine-memory.ts'
import { connectToServer, type ServerAddress } from './server/server-connection.ts'

/** Where the views are kept, and what a query may cost. */
export type StoreLocation = ({ readonly directory: string } | ServerAddress) & {
  /**
   * ms a query may take.
   * @default 30_000
   */
  readonly queryTime?: number
  /**
   * bytes the embedded engine may hold; one query may take half of it, on a server too.
   * @default a quarter of the machine's or its container's, from 1 to 16 GiB
   */
  readonly memory?: number
}

/**
 * The engine of a directory, in a child process, or a ClickHouse server.
 * @throws {StoreError} `directory-locked`, `unusable-directory`, `damaged`, `unavailable`
 */
export async function connect(location: StoreLocation): Promise<Connection> {
  const { queryTime = 30_000, memory = engineMemory() } = location
  const limits = { queryTime, memory }
  return 'directory' in location
    ? connectSound(location.directory, limits)
    : connectToServer(location, limits)
}

/** The engine starts without what it cannot read and says nothing, so its files are looked at before and after. */
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
