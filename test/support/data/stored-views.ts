import assert from 'node:assert/strict'
import { openStore } from '@peerpress/store'
import { connectEmbedded } from '@peerpress/store/embedded'
import type { SentView } from '../server/beacon-load.ts'

/** A view as the store has it; its times are starts of hours, epoch s. */
interface StoredView {
  readonly site: string
  readonly view: string
  readonly sequence: number
  readonly origin: number
  readonly lcp: number | null
  readonly hour: number
  readonly day: number
  readonly cell: number
  readonly cell_day: number
  readonly arm: string
  readonly country: string | null
  readonly device: string | null
  readonly network: string | null
  readonly post: string | null
}

/** Sums by what they are of. */
type Sums = ReadonlyMap<string, string>

/** What a store has. */
export interface Stored {
  readonly views: readonly StoredView[]
  /** Sums of each slice of each rollup. */
  readonly rollups: ReadonlyMap<string, Sums>
  /** Receipts of snapshots. */
  readonly receipts: number
}

const limits = { queryTime: 120_000, memory: 2 * 1024 ** 3 }
const slices = ['all', 'country', 'device', 'network', 'post'] as const
const tables = [
  { table: 'hours', period: 'hour', unit: 'hour', slices: slices.slice(0, 4) },
  { table: 'days', period: 'day', unit: 'day', slices },
] as const

/** Adds up all that is to be added up in the store of a server that has ended, and reads it. */
export async function readStored(directory: string): Promise<Stored> {
  const store = await openStore({ directory, ...limits, rollPause: { hour: 0, day: 0 } })
  while (!(await store.roll()));
  await store.close()
  const engine = await connectEmbedded(directory, limits)
  try {
    const views = await engine.query(
      `SELECT site, view, sequence, toFloat64(bytes_origin) AS origin, lcp, arm, country, device, network, post,
        toUnixTimestamp(toStartOfHour(started_at)) AS hour, toUnixTimestamp(toStartOfDay(started_at)) AS day,
        toUnixTimestamp(toStartOfHour(UUIDv7ToDateTime(view, 'UTC'))) AS cell,
        toUnixTimestamp(toStartOfDay(UUIDv7ToDateTime(view, 'UTC'))) AS cell_day
      FROM snapshots FINAL ORDER BY view`,
      {},
    )
    const [receipts] = await engine.query('SELECT count() AS n FROM arrivals FINAL', {})
    const rollups = new Map<string, Sums>()
    for (const { table, period, unit, slices: told } of tables) {
      for (const slice of told) {
        const rows = await engine.query(
          `SELECT [site, if(known, key, 'null'), arm, toString(toUnixTimestamp(${period})),
              toString(toUnixTimestamp(cell))] AS of,
            [sum(view_count), sum(total_bytes_origin), sum(arraySum(lcp_views))] AS sums
          FROM ${table} FINAL
          WHERE slice = '${slice}' AND (site, cell, generation) IN (
            SELECT site, cell, generation FROM rolled FINAL WHERE unit = '${unit}')
          GROUP BY of`,
          {},
        )
        const sums = rows.map((row): [string, string] => [
          (row['of'] as string[]).join(' '),
          (row['sums'] as (string | number)[]).join(' '),
        ])
        rollups.set(`${table} by ${slice}`, new Map(sums))
      }
    }
    return { views: views as unknown as StoredView[], rollups, receipts: Number(receipts?.['n']) }
  } finally {
    await engine.close()
  }
}

/** Everything that was answered is there, with the latest snapshot that can have come, and nothing twice. */
export function assertWhole({ views, receipts }: Stored, sent: ReadonlyMap<string, SentView>): void {
  const missing = new Set([...sent].flatMap(([view, { answered }]) => (answered > 0 ? [view] : [])))
  let least = 0
  let most = 0
  for (const { view, site, sequence, origin, lcp } of views) {
    const of = sent.get(view)
    assert.ok(of, `${view} was never sent`)
    const snapshot = of.snapshots[sequence - 1]
    assert.ok(snapshot && sequence >= of.answered, `${view} has ${sequence}, answered was ${of.answered}`)
    const { delivery, vitals } = snapshot
    assert.deepEqual([site, origin, lcp], [of.site, delivery?.bytes.origin, vitals.lcp], view)
    missing.delete(view)
    least += of.answered > 0 ? 1 : 0
    most += of.snapshots.length
  }
  assert.deepEqual([...missing], [], 'answered, and not there')
  assert.equal(new Set(views.map(({ view }) => view)).size, views.length)
  assert.ok(receipts >= least && receipts <= most, `${receipts} receipts of ${least} to ${most} snapshots`)
}

/** Every rollup is the sum of the views, added up here. */
export function assertAddedUp({ views, rollups }: Stored, now: number): void {
  const today = Math.floor(now / 86_400_000) * 86_400
  for (const { table, period, slices: told } of tables) {
    for (const slice of told) {
      const sums = new Map<string, [views: number, origin: number, lcp: number]>()
      for (const view of views) {
        // A day is added up when it is over.
        if (table === 'days' && view.cell_day >= today) continue
        const key = slice === 'all' ? '' : (view[slice] ?? 'null')
        const cell = table === 'days' ? view.cell_day : view.cell
        const of = [view.site, key, view.arm, view[period], cell].join(' ')
        const [count, origin, lcp] = sums.get(of) ?? [0, 0, 0]
        sums.set(of, [count + 1, origin + view.origin, lcp + (view.lcp === null ? 0 : 1)])
      }
      const expected = new Map(Array.from(sums, ([of, sum]) => [of, sum.join(' ')]))
      assert.deepEqual(rollups.get(`${table} by ${slice}`), expected, `${table} by ${slice}`)
    }
  }
}
