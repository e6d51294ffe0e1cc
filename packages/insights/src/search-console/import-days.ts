import type { ReadDay, Registry } from '@peerpress/registry'
import type { SearchDay, SearchFigureRow, Store } from '@peerpress/store'
import type { SiteId } from '@peerpress/wire'
import { addDays, firstStoredDay, pacificDay } from './pacific-days.ts'
import { type AskApi, readDay, readKnownDays } from './read-day.ts'

/** The last days change for as long as Search Console says so, and for this many days at least. */
const changingDays = 3

export interface ImportOptions {
  readonly registry: Pick<Registry, 'searchConnections'>
  readonly store: Pick<Store, 'recordSearchDays' | 'removeSearchFigures' | 'searchDays'>
  readonly ask: AskApi
  /** ms since the Unix epoch. */
  readonly now: () => number
  /** Called after each day that was recorded. */
  readonly onDay: () => void
  readonly signal: AbortSignal
}

/**
 * Reads the days that were not read or may have changed, the last first, so that recent figures are there soon. Each day is recorded
 * by itself: after a failure or a kill the import goes on with the next one. Stops when another property was chosen meanwhile.
 * @throws {InsightsError}
 */
export async function importDays(
  { site, property }: { readonly site: SiteId; readonly property: string },
  { registry, store, ask, now, onDay, signal }: ImportOptions,
): Promise<void> {
  // The site had another property until now. Its figures are not shown any more.
  await store.removeSearchFigures(site, property)
  const today = pacificDay(now())
  const range = { property, firstDay: firstStoredDay(today), lastDay: addDays(today, -1) }
  const { totals, firstIncomplete } = await readKnownDays(ask, range)
  const firstChanging = [addDays(today, -changingDays), firstIncomplete ?? today].toSorted()[0] ?? today
  const stored = new Set(await store.searchDays({ site, property }))
  // A day counts as read if both know it: a restored registry can know days that the store does not have.
  const read = new Map(
    (await registry.searchConnections.days(site))
      .filter(({ day }) => stored.has(day))
      .map((day) => [day.day, day]),
  )
  const due = daysToRead(range, read)
  const record = async (days: readonly SearchDay[]): Promise<boolean> => {
    await store.recordSearchDays({ site, property, days, readAt: new Date(now()) })
    const known = days.map(({ day }) => ({ day, isFinal: day < firstChanging }))
    const isChosen = await registry.searchConnections.recordDays(site, property, known)
    // The site was disconnected, or reads another property: that one's figures stay, and its next import removes these.
    if (!isChosen && (await registry.searchConnections.get(site)) === null)
      await store.removeSearchFigures(site, null)
    return isChosen
  }
  for (const day of due) {
    signal.throwIfAborted()
    const total = totals.get(day)
    if (total === undefined) continue
    if (!(await record([{ day, rows: [total, ...(await readDay(ask, property, day))] }]))) return
    onDay()
  }
  // Without figures a recent day has not been reported yet, which is not the same as 0.
  const empty = due.filter((day) => !totals.has(day) && day < firstChanging)
  if (empty.length > 0) await record(empty.map((day) => ({ day, rows: [nothing] })))
}

/** The total of a day on which the site was not shown. */
const nothing: SearchFigureRow = { kind: 'total', key: '', clicks: 0, impressions: 0, position: 0 }

function daysToRead(
  { firstDay, lastDay }: { readonly firstDay: string; readonly lastDay: string },
  read: ReadonlyMap<string, ReadDay>,
): string[] {
  const days: string[] = []
  for (let day = lastDay; day >= firstDay; day = addDays(day, -1)) {
    if (read.get(day)?.isFinal !== true) days.push(day)
  }
  return days
}
