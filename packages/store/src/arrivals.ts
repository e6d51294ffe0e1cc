import type { Connection } from './connection.ts'
import type { Arrivals } from './metrics.ts'
import type { Question } from './question.ts'
import { condition } from './condition.ts'
import { fromSnapshots } from './rollup/coverage.ts'
import { StoreError } from './store-error.ts'

/**
 * How many of the snapshots that the readers' browsers numbered came in. The numbers of a view have no gaps when they are
 * given, so a number below the highest that is missing was lost. Views from before arrivals were kept are left out.
 */
export async function arrivals(connection: Connection, question: Question): Promise<Arrivals> {
  const { where, parameters } = condition(question)
  const [row] = await connection.query(
    `
WITH ${fromSnapshots.states}
SELECT sum(chosen.numbered) AS sent, sum(known.numbers) AS received
FROM (SELECT view, sequence AS numbered FROM snapshots FINAL
  WHERE ${where} AND ${fromSnapshots.cells}) AS chosen
INNER JOIN (
  SELECT view, uniqExact(sequence) AS numbers FROM receipts
  WHERE site = {site:String} AND ${fromSnapshots.cells} GROUP BY view
) AS known ON known.view = chosen.view`,
    parameters,
  )
  if (row === undefined) throw new StoreError('query-failed', 'an aggregate over nothing gave no row')
  const sent = Number(row['sent'])
  const received = Number(row['received'])
  return { sent, received, loss: sent === 0 ? null : (sent - received) / sent }
}
