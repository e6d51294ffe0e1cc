import { Pool, type PoolClient } from 'pg'
import type { Database, Sql } from './database.ts'

/** Connects to a Postgres server by its `postgres://` URL. */
export async function openPostgres(url: string): Promise<Database> {
  const pool = new Pool({ connectionString: url, application_name: 'peerpress' })
  // The pool replaces an idle connection that the server closed. Without a listener its error would end the process.
  pool.on('error', () => {})
  try {
    await pool.query('select 1')
  } catch (error) {
    await pool.end()
    throw error
  }
  return {
    ...sqlOf(pool),
    transaction: async (work) => {
      const client = await pool.connect()
      let broken: Error | undefined
      try {
        await client.query('begin')
        const result = await work(sqlOf(client))
        await client.query('commit')
        return result
      } catch (error) {
        await client.query('rollback').catch((failure: Error) => {
          broken = failure
        })
        throw error
      } finally {
        client.release(broken)
      }
    },
    jobOptions: { connectionString: url, application_name: 'peerpress-jobs', max: 4 },
    exclusive: false,
    // Its autovacuum runs.
    vacuum: () => Promise.resolve(),
    // A Postgres server uses its own clock.
    clockWasSetBack: () => Promise.resolve(),
    close: () => pool.end(),
  }
}

function sqlOf(client: Pool | PoolClient): Sql {
  return {
    query: async <Row>(text: string, params: readonly unknown[] = []) =>
      (await client.query(text, [...params])).rows as Row[],
  }
}
