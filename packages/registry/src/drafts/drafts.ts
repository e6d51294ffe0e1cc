import type { SiteId } from '@peerpress/wire'
import type { Database } from '../engines/database.ts'
import type { JobQueue } from '../jobs/jobs.ts'
import { keysetPage, type KeysetQuery, newestFirst, type Placed } from '../keyset/keyset.ts'
import { createRecordId, isRecordId } from '../record-id.ts'
import { RegistryError } from '../registry-error.ts'
import { isSiteId } from '../sites/site-id.ts'
import {
  type Draft,
  type DraftContent,
  type DraftProgress,
  draftQueue,
  type DraftRefusal,
  type DraftStatus,
  type DraftState,
} from './draft.ts'

export type DraftInput = Pick<Draft, 'site' | 'brief' | 'language' | 'region' | 'requestedBy'>

/** A change of a draft's state. Fields that are left out stay as they are. */
export interface DraftChange {
  /** The states in which the change applies. */
  readonly from: readonly DraftStatus[]
  readonly to: DraftStatus
  readonly content?: DraftContent
  readonly refusals?: readonly DraftRefusal[]
  readonly progress?: DraftProgress
  readonly error?: string | null
  /** The name of a person, for `approved`. */
  readonly approvedBy?: string
}

/** The drafts of all sites. */
export interface Drafts {
  /**
   * Records a draft and enqueues the job that writes it, in one transaction.
   * @throws {RegistryError} `unknown-site`; `too-many-drafts` if the site has 20 that are not written yet
   */
  request(input: DraftInput): Promise<Draft>
  get(id: string): Promise<Draft | null>
  /** Returns how far drafts are, in any order. Ids of no draft are left out. */
  states(ids: readonly string[]): Promise<DraftState[]>
  /** Returns the drafts of a site, the newest first: at most 200. */
  list(site: SiteId): Promise<Draft[]>
  /** Returns a page of a site's drafts, the newest first. */
  page(site: SiteId, query: KeysetQuery): Promise<Placed<Draft>[]>
  /**
   * Changes a draft that is in one of the states. Returns null if it is in none of them: of two changes at once that leave the
   * same state, one succeeds.
   */
  change(id: string, change: DraftChange): Promise<Draft | null>
  /** Cancels a draft that is not written yet. Returns null if there is none. */
  cancel(id: string): Promise<Draft | null>
  /** Removes refused, failed and cancelled drafts that are older than a year. */
  forgetOld(): Promise<void>
}

/** Drafts of a site that wait or are written at the same time. */
const maxPending = 20
const listed = 200
const storedMs = 366 * 86_400_000

export function createDrafts(database: Database, jobs: JobQueue, now: () => number): Drafts {
  const find = async (rest: string, params: readonly unknown[]) =>
    (await database.query<DraftRow>(`select ${columns} from peerpress.draft ${rest}`, params)).map(draftOf)
  const change = async (id: string, given: DraftChange): Promise<Draft | null> => {
    if (!isRecordId(id)) return null
    const { from, to, content, refusals, progress, error, approvedBy } = given
    const rows = await database.query<DraftRow>(
      `update peerpress.draft set status = $3, updated_at = $4, content = coalesce($5::text::jsonb, content),
         refusals = coalesce($6::text::jsonb, refusals),
         progress_characters = coalesce($7::integer, progress_characters),
         progress_sections = coalesce($8::integer, progress_sections),
         progress_expected = case when $7::integer is null then progress_expected else $12::integer end,
         progress_claim = case when $7::integer is null then progress_claim else $13::text end,
         progress_gates = coalesce($14::integer, progress_gates),
         error = case when $9::boolean then $10 else error end,
         approved_by = coalesce($11, approved_by),
         approved_at = case when $11::text is null then approved_at else $4 end
       where id = $1 and status = any($2) returning ${columns}`,
      [
        id,
        [...from],
        to,
        new Date(now()),
        content === undefined ? null : jsonOf(content),
        refusals === undefined ? null : jsonOf(refusals),
        progress?.characters ?? null,
        progress?.sections ?? null,
        error !== undefined,
        error ?? null,
        approvedBy ?? null,
        progress?.expectedSections ?? null,
        progress?.claim == null ? null : storable(progress.claim),
        progress?.gates ?? null,
      ],
    )
    return rows.map(draftOf)[0] ?? null
  }
  return {
    request: async ({ site, brief, language, region, requestedBy }) => {
      if (!isSiteId(site)) throw new RegistryError('unknown-site', 'There is no such site.')
      await jobs.prepare(draftQueue)
      return database.transaction(async (sql) => {
        // The lock makes two requests at once count each other.
        const sites = await sql.query('select 1 from peerpress.site where id = $1 for update', [site])
        if (sites.length === 0) throw new RegistryError('unknown-site', 'There is no such site.')
        const [pending] = await sql.query<{ count: number }>(
          `select count(*)::int as count from peerpress.draft where site = $1 and status in ('queued', 'writing')`,
          [site],
        )
        if ((pending?.count ?? 0) >= maxPending) {
          throw new RegistryError(
            'too-many-drafts',
            `${maxPending} drafts of the site wait already. Wait for them, or cancel some.`,
          )
        }
        const id = createRecordId()
        const [row] = await sql.query<DraftRow>(
          `insert into peerpress.draft (id, site, brief, language, region, requested_by, status, created_at, updated_at)
           values ($1, $2, $3, $4, $5, $6, 'queued', $7, $7) returning ${columns}`,
          [id, site, brief, language, region, requestedBy, new Date(now())],
        )
        if (row === undefined) throw new RegistryError('unknown-site', 'There is no such site.')
        await jobs.enqueueWithin(sql, { name: draftQueue, key: id, group: site, data: { draft: id } })
        return draftOf(row)
      })
    },
    get: async (id) => (isRecordId(id) ? ((await find('where id = $1', [id]))[0] ?? null) : null),
    states: async (ids) =>
      (
        await database.query<StateRow>(
          `select id, site, status, refusals, error, ${progressColumns},
             (select coalesce(sum(coalesce(tokens, max_tokens)), 0)::bigint from peerpress.model_call
              where model_call.draft = draft.id) as tokens
           from peerpress.draft where id = any($1)`,
          [ids.filter(isRecordId)],
        )
      ).map(stateOf),
    list: async (site) =>
      isSiteId(site) ? find(`where site = $1 order by created_at desc, id limit ${listed}`, [site]) : [],
    page: async (site, query) => {
      if (!isSiteId(site)) return []
      return keysetPage(
        database,
        {
          columns,
          from: 'peerpress.draft',
          where: 'site = $1',
          params: [site],
          order: newestFirst('created_at'),
          read: draftOf,
        },
        query,
      )
    },
    change,
    cancel: (id) => change(id, { from: ['queued', 'writing'], to: 'cancelled', error: null }),
    forgetOld: async () => {
      await database.query(
        `delete from peerpress.draft where status in ('refused', 'failed', 'cancelled') and updated_at < $1`,
        [new Date(now() - storedMs)],
      )
    },
  }
}

const progressColumns =
  'progress_characters, progress_sections, progress_expected, progress_claim, progress_gates'

const columns = `id, site, brief, language, region, status, content, refusals, ${progressColumns}, error, requested_by,
  approved_by, approved_at, created_at, updated_at`

interface ProgressRow {
  readonly progress_characters: number
  readonly progress_sections: number
  readonly progress_expected: number | null
  readonly progress_claim: string | null
  readonly progress_gates: number
}

interface StateRow extends ProgressRow, Pick<Draft, 'id' | 'site' | 'status' | 'refusals' | 'error'> {
  /** Databases return a bigint as a number or as text. */
  readonly tokens: number | string
}

interface DraftRow
  extends
    ProgressRow,
    Pick<
      Draft,
      'id' | 'site' | 'brief' | 'language' | 'region' | 'status' | 'content' | 'refusals' | 'error'
    > {
  readonly requested_by: string | null
  readonly approved_by: string | null
  readonly approved_at: Date | null
  readonly created_at: Date
  readonly updated_at: Date
}

function draftOf(row: DraftRow): Draft {
  return {
    id: row.id,
    site: row.site,
    brief: row.brief,
    language: row.language,
    region: row.region,
    status: row.status,
    content: row.content,
    refusals: row.refusals,
    progress: progressOf(row),
    error: row.error,
    requestedBy: row.requested_by,
    approvedBy: row.approved_by,
    approvedAt: row.approved_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

function progressOf(row: ProgressRow): DraftProgress {
  return {
    characters: row.progress_characters,
    sections: row.progress_sections,
    expectedSections: row.progress_expected,
    claim: row.progress_claim,
    gates: row.progress_gates,
  }
}

function stateOf(row: StateRow): DraftState {
  const { id, site, status, refusals, error, tokens } = row
  return { id, site, status, refusals, error, progress: progressOf(row), tokens: Number(tokens) }
}

/** Returns a text that Postgres accepts: without U+0000 and half surrogates, which a model may send. */
function storable(text: string): string {
  return text.replaceAll('\0', '').toWellFormed()
}

function jsonOf(value: object): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? storable(part) : part))
}
