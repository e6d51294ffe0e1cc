import { arrivals } from './arrivals.ts'
import { connectEmbedded } from './embedded/embedded-connection.ts'
import type { Connection } from './connection.ts'
import { experiment } from './experiment.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations.ts'
import { breakdown, series, totals } from './report.ts'
import { sessions } from './sessions.ts'
import { connectToServer, type ServerAddress } from './server-connection.ts'
import type { Store } from './store.ts'

/** Where the views are kept, and what a question may cost. */
export type StoreOptions = ({ readonly directory: string } | ServerAddress) & {
  /**
   * ms a query may take.
   * @default 30_000
   */
  readonly queryTime?: number
  /**
   * bytes the embedded engine may hold; one query may take half of it, on a server too.
   * @default 2 GiB
   */
  readonly memory?: number
}

/**
 * Opens the views in a directory, with the ClickHouse engine in a child process, or on a ClickHouse server, and brings
 * the schema up to date.
 * @throws {StoreError} `directory-locked`, `unavailable` or `migration-mismatch`
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { queryTime = 30_000, memory = 2 * 1024 ** 3 } = options
  const limits = { queryTime, memory }
  const connection =
    'directory' in options
      ? await connectEmbedded(options.directory, limits)
      : connectToServer(options, limits)
  try {
    await migrate(connection, migrations)
  } catch (error) {
    await connection.close()
    throw error
  }
  return storeOn(connection)
}

function storeOn(connection: Connection): Store {
  return {
    insertViews: (rows, token) => connection.insert({ table: 'snapshots', rows, token }),
    totals: (question) => totals(connection, question),
    series: (question, interval) => series(connection, question, interval),
    breakdown: (question, by, limit) => breakdown(connection, question, { by, limit }),
    sessions: (question) => sessions(connection, question),
    arrivals: (question) => arrivals(connection, question),
    experiment: (question) => experiment(connection, question),
    close: () => connection.close(),
  }
}
