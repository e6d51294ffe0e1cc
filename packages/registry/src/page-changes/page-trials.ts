import { type PostId, postIdPattern, type SiteId } from '@peerpress/wire'
import type { Database, Sql } from '../engines/database.ts'
import type { JobQueue } from '../jobs/jobs.ts'
import { keysetPage, type KeysetQuery, newestFirst, type Placed } from '../keyset/keyset.ts'
import { createRecordId, isRecordId } from '../record-id.ts'
import { RegistryError } from '../registry-error.ts'
import { isSiteId } from '../sites/site-id.ts'
import { type PageChange, pageChangeQueue, type PageChangeStatus, type PageTrial } from './page-change.ts'
import { changeColumns, changeOf, type ChangeRow, trialColumns, trialOf, type TrialRow } from './rows.ts'

/** A page of a trial that begins. */
export interface PageChangeInput extends Pick<
  PageChange,
  'url' | 'isChangedHalf' | 'title' | 'description' | 'seen'
> {
  readonly post: PostId
}

export interface PageTrialInput extends Pick<PageTrial, 'site' | 'kind' | 'startedBy'> {
  readonly pages: readonly PageChangeInput[]
}

/** What became of a change. Fields that are left out stay as they are. */
export interface PageChangeOutcome extends Partial<Pick<PageChange, 'place' | 'before' | 'error'>> {
  /** The states in which it applies. */
  readonly from: readonly PageChangeStatus[]
  readonly to: PageChangeStatus
}

/** Changes of pages that are tried on random halves. */
export interface PageTrials {
  /**
   * Records a trial and enqueues the changes of the half that is changed, in one transaction.
   * @throws {RegistryError} `unknown-site`; `page-in-trial` if one of the pages is in an open trial
   */
  begin(input: PageTrialInput): Promise<PageTrial>
  get(id: string): Promise<PageTrial | null>
  /** Returns a site's trials, the newest first: at most 200. */
  list(site: SiteId): Promise<PageTrial[]>
  /** Returns a page of a site's trials, the newest first. */
  page(site: SiteId, query: KeysetQuery): Promise<Placed<PageTrial>[]>
  /** Returns the changes of a trial, by post. */
  changes(trial: string): Promise<PageChange[]>
  change(id: string): Promise<PageChange | null>
  /** Returns the changes of a site's trials that are open or were rolled back. */
  settled(
    site: SiteId,
  ): Promise<(Pick<PageChange, 'post'> & { readonly kind: string; readonly isOpen: boolean })[]>
  /** Records what became of a change. Returns null if it is in none of the states, so that of two at once one succeeds. */
  record(id: string, outcome: PageChangeOutcome): Promise<PageChange | null>
  /** Undoes a trial's changes: enqueues those that were written and cancels the others. Null if it was rolled back before. */
  rollBack(id: string, by: string): Promise<PageTrial | null>
  /** Ends a trial with its changes as they are, so that its pages can be in another one. Null if it has ended. */
  end(id: string): Promise<PageTrial | null>
}

const listed = 200

export function createPageTrials(database: Database, jobs: JobQueue, now: () => number): PageTrials {
  const trials = async (rest: string, params: readonly unknown[]) =>
    (await database.query<TrialRow>(`select ${trialColumns} from peerpress.page_trial ${rest}`, params)).map(
      trialOf,
    )
  const changes = async (rest: string, params: readonly unknown[]) =>
    (
      await database.query<ChangeRow>(`select ${changeColumns} from peerpress.page_change ${rest}`, params)
    ).map(changeOf)
  return {
    begin: async (input) => {
      if (!isSiteId(input.site)) throw unknownSite()
      await jobs.prepare(pageChangeQueue)
      return database.transaction((sql) => begin(sql, jobs, { ...input, at: new Date(now()) }))
    },
    get: async (id) => (isRecordId(id) ? ((await trials('where id = $1', [id]))[0] ?? null) : null),
    list: async (site) =>
      isSiteId(site) ? trials(`where site = $1 order by started_at desc, id limit ${listed}`, [site]) : [],
    page: async (site, query) => {
      if (!isSiteId(site)) return []
      return keysetPage(
        database,
        {
          columns: trialColumns,
          from: 'peerpress.page_trial',
          where: 'site = $1',
          params: [site],
          order: newestFirst('started_at'),
          read: trialOf,
        },
        query,
      )
    },
    changes: async (trial) =>
      isRecordId(trial) ? changes('where trial = $1 order by post, id', [trial]) : [],
    change: async (id) => (isRecordId(id) ? ((await changes('where id = $1', [id]))[0] ?? null) : null),
    settled: async (site) => {
      if (!isSiteId(site)) return []
      const rows = await database.query<{ post: PostId; kind: string; is_open: boolean }>(
        `select distinct post, kind, is_open from peerpress.page_change
         join peerpress.page_trial trial on trial.id = trial
         where page_change.site = $1 and (is_open or rolled_back_at is not null)`,
        [site],
      )
      return rows.map(({ is_open, ...row }) => ({ ...row, isOpen: is_open }))
    },
    record: async (id, outcome) =>
      isRecordId(id) ? record(database, id, { ...outcome, at: new Date(now()) }) : null,
    rollBack: async (id, by) => {
      if (!isRecordId(id)) return null
      await jobs.prepare(pageChangeQueue)
      return database.transaction((sql) => rollBack(sql, jobs, { id, by, at: new Date(now()) }))
    },
    end: async (id) => {
      if (!isRecordId(id)) return null
      return database.transaction(async (sql) => {
        const [row] = await sql.query<TrialRow>(
          `update peerpress.page_trial set ended_at = $2 where id = $1 and ended_at is null returning ${trialColumns}`,
          [id, new Date(now())],
        )
        if (row === undefined) return null
        await sql.query(
          `update peerpress.page_change set is_open = false,
             status = case when status in ('waiting', 'queued') then 'cancelled' else status end
           where trial = $1`,
          [id],
        )
        return trialOf(row)
      })
    },
  }
}

async function begin(
  sql: Sql,
  jobs: JobQueue,
  { site, kind, startedBy, pages, at }: PageTrialInput & { readonly at: Date },
): Promise<PageTrial> {
  // The lock makes a second trial of the same pages wait, and see the first.
  const sites = await sql.query('select 1 from peerpress.site where id = $1 for update', [site])
  if (sites.length === 0) throw unknownSite()
  const posts = pages.map(({ post }) => post)
  if (!posts.every((post) => postIdPattern.test(post)) || new Set(posts).size < posts.length) {
    throw new RegistryError('page-in-trial', 'A page of the trial is named twice or has an impossible id.')
  }
  const taken = await sql.query<{ url: string }>(
    'select url from peerpress.page_change where site = $1 and is_open and post = any($2) limit 1',
    [site, posts],
  )
  if (taken[0] !== undefined) {
    throw new RegistryError('page-in-trial', `${taken[0].url} is in an open trial: end that one first.`)
  }
  const [row] = await sql.query<TrialRow>(
    `insert into peerpress.page_trial (id, site, kind, started_by, started_at) values ($1, $2, $3, $4, $5)
     returning ${trialColumns}`,
    [createRecordId(), site, kind, startedBy, at],
  )
  if (row === undefined) throw unknownSite()
  for (const { post, url, isChangedHalf, title, description, seen } of pages) {
    const id = createRecordId()
    const status = isChangedHalf ? 'queued' : 'waiting'
    await sql.query(
      `insert into peerpress.page_change (id, trial, site, post, url, is_changed_half, is_open, title, description, seen,
         status, updated_at) values ($1, $2, $3, $4, $5, $6, true, $7, $8, $9::text::jsonb, $10, $11)`,
      [id, row.id, site, post, url, isChangedHalf, title, description, JSON.stringify(seen), status, at],
    )
    if (isChangedHalf) await enqueue(sql, jobs, { id, site })
  }
  return trialOf(row)
}

async function rollBack(
  sql: Sql,
  jobs: JobQueue,
  { id, by, at }: { readonly id: string; readonly by: string; readonly at: Date },
): Promise<PageTrial | null> {
  const [row] = await sql.query<TrialRow>(
    `update peerpress.page_trial set rolled_back_at = $2, rolled_back_by = $3, ended_at = coalesce(ended_at, $2)
     where id = $1 and rolled_back_at is null returning ${trialColumns}`,
    [id, at, by],
  )
  if (row === undefined) return null
  const changed = await sql.query<ChangeRow>(
    `update peerpress.page_change set is_open = false, updated_at = $2, error = null,
       status = case when status in ('written', 'proven', 'not-shown') then 'undoing'
         when status in ('waiting', 'queued') then 'cancelled' else status end
     where trial = $1 returning ${changeColumns}`,
    [id, at],
  )
  for (const change of changed) if (change.status === 'undoing') await enqueue(sql, jobs, change)
  return trialOf(row)
}

function enqueue(sql: Sql, jobs: JobQueue, { id, site }: Pick<PageChange, 'id' | 'site'>): Promise<void> {
  return jobs.enqueueWithin(sql, { name: pageChangeQueue, key: id, group: site, data: { change: id } })
}

async function record(
  sql: Sql,
  id: string,
  { from, to, place, before, error, at }: PageChangeOutcome & { readonly at: Date },
): Promise<PageChange | null> {
  const rows = await sql.query<ChangeRow>(
    `update peerpress.page_change set status = $3, updated_at = $4, place = coalesce($5, place),
       before = coalesce($6::text::jsonb, before), error = case when $7::boolean then $8 else error end,
       written_at = case when $3 = 'written' then coalesce(written_at, $4) else written_at end,
       proven_at = case when $3 = 'proven' then coalesce(proven_at, $4) else proven_at end
     where id = $1 and status = any($2) returning ${changeColumns}`,
    [
      id,
      [...from],
      to,
      at,
      place ?? null,
      before == null ? null : JSON.stringify(before),
      error !== undefined,
      error?.replaceAll('\0', '').toWellFormed().slice(0, 500) ?? null,
    ],
  )
  return rows.map(changeOf)[0] ?? null
}

function unknownSite(): RegistryError {
  return new RegistryError('unknown-site', 'There is no such site.')
}
