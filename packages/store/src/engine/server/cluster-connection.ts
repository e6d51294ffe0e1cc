import { clusterStatements } from './cluster-statements.ts'
import type { Connection } from '../connection.ts'
import { quoted } from '../../model/quoted.ts'

/**
 * A connection to one node of a cluster. Statements about tables run on all nodes; rows and queries go through the
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
      // Only each replica knows its unfinished mutations, and not every node has the same current database.
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
