import type { BotSign } from '../model/bot-row.ts'
import type { Connection } from '../engine/connection.ts'
import type { Dimension, ReportQuery } from '../model/report-query.ts'
import { filterCondition, rangeCondition } from './condition.ts'

/** Views of bots. No other figure counts them. */
export interface BotViews {
  readonly views: number
  /** By the sign that identified them, most views first. */
  readonly signs: readonly { readonly sign: BotSign; readonly views: number }[]
  /** By the part of the user agent that identified them, most views first, {@link maxAgents} at most. */
  readonly agents: readonly { readonly agent: string; readonly views: number }[]
}

/** Maximum number of agents in an answer. */
const maxAgents = 50

/** Returns the bots' views of a query. */
export async function bots(connection: Connection, query: ReportQuery): Promise<BotViews> {
  const range = rangeCondition(query)
  const filter = filterCondition(query, columnOfBot)
  const rows = await connection.query(
    `
SELECT sign, agent, count() AS views FROM bots FINAL WHERE ${range.where} AND ${filter.where}
GROUP BY sign, agent ORDER BY views DESC, sign, agent`,
    { ...range.parameters, ...filter.parameters },
  )
  const signs = new Map<BotSign, number>()
  const agents = new Map<string, number>()
  let total = 0
  for (const row of rows) {
    const sign = row['sign'] as BotSign
    const agent = row['agent'] as string | null
    const views = Number(row['views'])
    total += views
    signs.set(sign, (signs.get(sign) ?? 0) + views)
    if (agent !== null) agents.set(agent, (agents.get(agent) ?? 0) + views)
  }
  return {
    views: total,
    signs: mostFirst(signs).map(([sign, views]) => ({ sign, views })),
    agents: mostFirst(agents)
      .slice(0, maxAgents)
      .map(([agent, views]) => ({ agent, views })),
  }
}

/** Dimensions that are columns of `bots`. The others are in the snapshot's text. */
const columns: ReadonlySet<Dimension> = new Set([
  'post',
  'arm',
  'country',
  'subdivision',
  'network',
  'device',
])

function columnOfBot(by: Dimension): string {
  return columns.has(by) ? by : `JSONExtract(snapshot, '${by}', 'Nullable(String)')`
}

function mostFirst<Key>(counts: ReadonlyMap<Key, number>): [Key, number][] {
  return [...counts].toSorted(([, a], [, b]) => b - a)
}
