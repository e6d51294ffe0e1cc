import { numbersOf } from './arrived-numbers.ts'
import { condition } from './condition.ts'
import type { Statement } from '../engine/connection.ts'
import type { Arrivals } from '../model/report.ts'
import type { ReportQuery } from '../model/report-query.ts'
import { queryRollupsOrViews, type ReportSource } from '../rollup/rollups-or-views.ts'
import { sliceFor } from '../rollup/slice.ts'
import { coverage, fromSnapshots, matchesQuery } from '../rollup/coverage.ts'
import { StoreError } from '../store-error.ts'
import { cellOfView, hashOfView } from '../model/view-place.ts'

/**
 * Returns how many of the snapshots that browsers numbered were received. Browsers number a view's snapshots without gaps, so
 * a missing number below the highest was lost. Views from before `arrivals` existed are left out.
 */
export async function arrivals(source: ReportSource, query: ReportQuery): Promise<Arrivals> {
  const { rows } = await queryRollupsOrViews(
    source,
    { query, slice: sliceFor(query) },
    {
      exact() {
        const { where, parameters } = condition(query)
        const counted = countedOf(`${where} AND ${fromSnapshots.cells}`, matchesQuery('cell'))
        return { sql: `WITH ${fromSnapshots.states}${sumOf(counted)}`, parameters }
      },
      rolled(state, slice): Statement {
        const { rollups, others, parameters } = coverage({ query, slice }, state)
        const counted = rollups.map(
          ({ from }) => `SELECT sent_snapshots AS sent, received_snapshots AS received FROM ${from}`,
        )
        if (others !== null) counted.push(countedOf(others.where, others.isCell('cell')))
        return { sql: sumOf(counted.join('\n  UNION ALL\n  ')), parameters }
      },
    },
  )
  const [row] = rows
  if (row === undefined) throw new StoreError('query-failed', 'an aggregate over nothing gave no row')
  const sent = Number(row['sent'])
  const received = Number(row['received'])
  return { sent, received, loss: sent === 0 ? null : (sent - received) / sent }
}

/** Returns SQL of the sent and received snapshots of each view that a condition over `snapshots` selects. */
function countedOf(where: string, cells: string): string {
  return `SELECT toUInt64(chosen.sequence) AS sent, known.numbers AS received
  FROM (SELECT ${cellOfView} AS cell, ${hashOfView} AS hash, sequence FROM snapshots FINAL WHERE ${where}) AS chosen
  INNER JOIN (${numbersOf(`site = {site:String} AND ${cells}`)}) AS known
    ON known.of_cell = chosen.cell AND known.of_hash = chosen.hash`
}

function sumOf(counted: string): string {
  return `
SELECT sum(counted.sent) AS sent, sum(counted.received) AS received FROM (
  ${counted}
) AS counted`
}
