import { randomUUID } from 'node:crypto'
import type { SiteId } from '@peerpress/wire'
import type { Database, Sql } from '../engines/database.ts'
import type { JobQueue } from '../jobs/jobs.ts'
import { keysetPage, type KeysetQuery, type Placed } from '../keyset/keyset.ts'
import { isRecordId } from '../notifications/record-id.ts'
import { notificationQueue, notifyChannels } from '../notifications/notify-channels.ts'
import { isSiteId } from '../sites/site-id.ts'
import {
  type EntryType,
  type Incident,
  type IncidentChange,
  incidentColumns,
  type IncidentEntry,
  incidentOf,
  type IncidentRow,
  type IncidentSpan,
} from './incident.ts'

/** The incidents of the sites, and their history. */
export interface Incidents {
  get(id: string): Promise<Incident | null>
  /** Returns a page of a site's incidents: the open ones first, then the newest first. */
  page(site: SiteId, query: KeysetQuery): Promise<Placed<Incident>[]>
  /** Returns a site's open incidents. */
  open(site: SiteId): Promise<Incident[]>
  /** Returns the sites with open incidents. */
  sitesWithOpen(): Promise<SiteId[]>
  /** Returns when a site's incidents were open, if they were after `after`. */
  spans(site: SiteId, after: Date): Promise<IncidentSpan[]>
  /** Returns an incident's history, oldest first. */
  entries(id: string): Promise<IncidentEntry[]>
  /**
   * Changes a site's incidents, with their history and the notifications of its channels in one transaction. A change that
   * another server has made already, or that a removed site makes impossible, is left out.
   */
  apply(site: SiteId, changes: readonly IncidentChange[]): Promise<void>
  /** Records that somebody deals with an open incident. Returns null if it does not exist; it may have been acknowledged. */
  acknowledge(id: string, by: string): Promise<Incident | null>
}

export function createIncidents(database: Database, jobs: JobQueue, now: () => number): Incidents {
  const select = `select ${incidentColumns} from peerpress.incident`
  const find = async (where: string, params: readonly unknown[]) =>
    (await database.query<IncidentRow>(`${select} ${where}`, params)).map(incidentOf)
  return {
    get: async (id) => (isRecordId(id) ? ((await find('where id = $1', [id]))[0] ?? null) : null),
    page: async (site, query) => {
      if (!isSiteId(site)) return []
      return keysetPage(
        database,
        {
          columns: incidentColumns,
          from: 'peerpress.incident',
          where: 'site = $1',
          params: [site],
          order: [
            ['resolved_at is null', 'boolean'],
            ['opened_at', 'time'],
            ['id', 'text'],
          ],
          read: incidentOf,
        },
        query,
      )
    },
    open: async (site) =>
      isSiteId(site) ? find('where site = $1 and resolved_at is null order by opened_at, id', [site]) : [],
    sitesWithOpen: async () => {
      const rows = await database.query<{ site: SiteId }>(
        'select distinct site from peerpress.incident where resolved_at is null order by site',
      )
      return rows.map(({ site }) => site)
    },
    spans: async (site, after) =>
      isSiteId(site)
        ? database.query<IncidentSpan>(
            `select symptom, severity, since as from, resolved_at as to from peerpress.incident
             where site = $1 and (resolved_at is null or resolved_at > $2) order by since`,
            [site, after],
          )
        : [],
    entries: async (id) =>
      isRecordId(id)
        ? database.query<IncidentEntry>(
            'select type, at, text from peerpress.incident_entry where incident = $1 order by number',
            [id],
          )
        : [],
    apply: async (site, changes) => {
      if (!isSiteId(site) || changes.length === 0) return
      await jobs.prepare(notificationQueue)
      await database.transaction(async (sql) => {
        for (const change of changes) {
          const applied = await applyChange(sql, site, { change, at: new Date(now()) })
          if (applied === null) continue
          await notifyChannels(sql, jobs, { ...applied, at: new Date(now()) })
        }
      })
    },
    acknowledge: async (id, by) => {
      if (!isRecordId(id)) return null
      return database.transaction(async (sql) => {
        const at = new Date(now())
        const [row] = await sql.query<IncidentRow>(
          `update peerpress.incident set acknowledged_at = $2, acknowledged_by = $3
           where id = $1 and acknowledged_at is null and resolved_at is null returning ${incidentColumns}`,
          [id, at, by],
        )
        if (row === undefined) return (await findIn(sql, id)) ?? null
        await addEntry(sql, id, { type: 'acknowledged', at, text: `${by} deals with it.` })
        return incidentOf(row)
      })
    },
  }
}

/** The history entries that channels are notified of. */
type NewsType = 'opened' | 'updated' | 'resolved'

/** Returns the incident and the notification that the change causes; null if it causes none. */
async function applyChange(
  sql: Sql,
  site: SiteId,
  { change, at }: { readonly change: IncidentChange; readonly at: Date },
): Promise<{ readonly incident: Incident; readonly type: NewsType; readonly text: string } | null> {
  const changed = async (text: string, params: readonly unknown[]) =>
    (await sql.query<IncidentRow>(`${text} returning ${incidentColumns}`, params))[0]
  switch (change.type) {
    case 'open': {
      const { symptom, severity, summary, since } = change
      const row = await changed(
        `insert into peerpress.incident (id, site, symptom, severity, summary, since, opened_at, seen_at)
         select $1, $2, $3, $4, $5, $6, $7, $7 where exists (select 1 from peerpress.site where id = $2)
         on conflict (site, symptom) where resolved_at is null do nothing`,
        [randomUUID(), site, symptom, severity, summary, since, at],
      )
      return row === undefined ? null : recorded(sql, row, { type: 'opened', at, text: summary })
    }
    case 'update': {
      const { id, severity, summary } = change
      const row = await changed(
        `update peerpress.incident set severity = $2, summary = $3, seen_at = $4
         where id = $1 and resolved_at is null and severity <> $2`,
        [id, severity, summary, at],
      )
      return row === undefined ? null : recorded(sql, row, { type: 'updated', at, text: summary })
    }
    case 'seen':
      await changed('update peerpress.incident set seen_at = $2 where id = $1 and resolved_at is null', [
        change.id,
        at,
      ])
      return null
    case 'resolve': {
      const { id, reason } = change
      const row = await changed(
        'update peerpress.incident set resolved_at = $2 where id = $1 and resolved_at is null',
        [id, at],
      )
      return row === undefined ? null : recorded(sql, row, { type: 'resolved', at, text: reason })
    }
  }
}

async function recorded<Type extends EntryType>(
  sql: Sql,
  row: IncidentRow,
  entry: IncidentEntry & { readonly type: Type },
): Promise<{ readonly incident: Incident; readonly type: Type; readonly text: string }> {
  await addEntry(sql, row.id, entry)
  return { incident: incidentOf(row), type: entry.type, text: entry.text }
}

async function addEntry(sql: Sql, incident: string, { type, at, text }: IncidentEntry): Promise<void> {
  await sql.query(
    `insert into peerpress.incident_entry (incident, number, type, at, text)
     select $1, coalesce(max(number), 0) + 1, $2, $3, $4 from peerpress.incident_entry where incident = $1`,
    [incident, type, at, text],
  )
}

async function findIn(sql: Sql, id: string): Promise<Incident | undefined> {
  const rows = await sql.query<IncidentRow>(
    `select ${incidentColumns} from peerpress.incident where id = $1`,
    [id],
  )
  return rows.map(incidentOf)[0]
}
