import type { Connection } from './connection.ts'
import type { Arrivals } from './metrics.ts'
import type { Question } from './question.ts'
import { condition } from './condition.ts'
import { fromSnapshots, isOfQuestion } from './rollup/coverage.ts'
import { StoreError } from './store-error.ts'
import { cellOfView, hashOfView } from './view-place.ts'

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
FROM (SELECT ${cellOfView} AS of_cell, ${hashOfView} AS hash, sequence AS numbered FROM snapshots FINAL
  WHERE ${where} AND ${fromSnapshots.cells}) AS chosen
INNER JOIN (
  SELECT cell, view_hash, uniqExact(sequence) AS numbers FROM arrivals
  WHERE site = {site:String} AND ${isOfQuestion('cell')} GROUP BY cell, view_hash
) AS known ON known.cell = chosen.of_cell AND known.view_hash = chosen.hash`,
    parameters,
  )
  if (row === undefined) throw new StoreError('query-failed', 'an aggregate over nothing gave no row')
  const sent = Number(row['sent'])
  const received = Number(row['received'])
  return { sent, received, loss: sent === 0 ? null : (sent - received) / sent }
}
