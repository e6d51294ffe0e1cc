import { numbersOf } from './arrived-numbers.ts'
import { condition } from './condition.ts'
import type { Arrivals } from '../model/metrics.ts'
import type { ReportQuery } from '../model/report-query.ts'
import { askEither, type ReportSource, sliceFor, type Statement } from '../rollup/rollups-or-views.ts'
import { coverage, fromSnapshots, matchesQuery } from '../rollup/coverage.ts'
import { StoreError } from '../store-error.ts'
import { cellOfView, hashOfView } from '../model/view-place.ts'

/**
 * How many of the snapshots that the readers' browsers numbered came in. The numbers of a view have no gaps when they are
 * given, so a number below the highest that is missing was lost. Views from before arrivals were kept are left out.
 */
export async function arrivals(source: ReportSource, query: ReportQuery): Promise<Arrivals> {
  const { rows } = await askEither(
    source,
    { query, slice: sliceFor(query) },
    {
      exact() {
        const { where, parameters } = condition(query)
        const counted = countedOf(`${where} AND ${fromSnapshots.cells}`, matchesQuery('cell'))
        return { sql: `WITH ${fromSnapshots.states}${added(counted)}`, parameters }
      },
      rolled(known, slice): Statement {
        const { rollups, others, parameters } = coverage({ query, slice }, known)
        const counted = rollups.map(
          ({ from }) => `SELECT sent_snapshots AS sent, received_snapshots AS received FROM ${from}`,
        )
        if (others !== null) counted.push(countedOf(others.where, others.isCell('cell')))
        return { sql: added(counted.join('\n  UNION ALL\n  ')), parameters }
      },
    },
  )
  const [row] = rows
  if (row === undefined) throw new StoreError('query-failed', 'an aggregate over nothing gave no row')
  const sent = Number(row['sent'])
  const received = Number(row['received'])
  return { sent, received, loss: sent === 0 ? null : (sent - received) / sent }
}

/** SQL of the views that a condition over `snapshots` chooses: what each was sent by, and what of that came in. */
function countedOf(where: string, cells: string): string {
  return `SELECT toUInt64(chosen.sequence) AS sent, known.numbers AS received
  FROM (SELECT ${cellOfView} AS cell, ${hashOfView} AS hash, sequence FROM snapshots FINAL WHERE ${where}) AS chosen
  INNER JOIN (${numbersOf(`site = {site:String} AND ${cells}`)}) AS known
    ON known.of_cell = chosen.cell AND known.of_hash = chosen.hash`
}

function added(counted: string): string {
  return `
SELECT sum(counted.sent) AS sent, sum(counted.received) AS received FROM (
  ${counted}
) AS counted`
}
