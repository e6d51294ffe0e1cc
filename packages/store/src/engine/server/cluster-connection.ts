import { clusterStatements } from './cluster-statements.ts'
import type { Connection } from '../connection.ts'
import { quoted } from '../../model/quoted.ts'

/**
 * A connection to any node of a cluster: statements about tables reach all its nodes, rows and queries go through the
 * Distributed tables.
 */
export function onCluster(connection: Connection, cluster: string): Connection {
  let known: Promise<string> | undefined
  const database = () => {
    known ??= connection
      .query('SELECT currentDatabase() AS name', {})
      .then(([row]) => String(row?.['name']))
      .catch((error: unknown) => {
        known = undefined
        throw error
      })
    return known
  }
  return {
    ...connection,
    query: async (sql, parameters, options) => {
      if (!/\bsystem\.mutations\b/.test(sql)) return connection.query(sql, parameters, options)
      // What is still to be rewritten is known to each replica alone, and which database it is not to all.
      const everywhere = sql
        .replaceAll(/\bsystem\.mutations\b/g, `clusterAllReplicas(${quoted(cluster)}, system.mutations)`)
        .replaceAll('currentDatabase()', quoted(await database()))
      return connection.query(everywhere, parameters, options)
    },
    command: async (sql, options) => {
      for (const statement of clusterStatements(sql, { cluster, database: await database() })) {
        await connection.command(statement, options)
      }
    },
  }
}
