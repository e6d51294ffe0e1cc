import type { SiteId } from '@peerpress/wire'
import type { Database } from '../engines/database.ts'
import { seal, unseal } from '../models/sealed.ts'
import { RegistryError } from '../registry-error.ts'
import { readSecret } from '../secrets/secrets.ts'
import { isSiteId } from '../sites/site-id.ts'
import {
  connectionColumns,
  connectionOf,
  type ConnectionRow,
  type ReadDay,
  type SearchConnection,
  type SearchCredentialKind,
  type SearchProblem,
} from './search-connection.ts'

/** A new connection. */
export interface SearchConnectionInput {
  readonly site: SiteId
  readonly kind: SearchCredentialKind
  readonly account: string | null
  /** A refresh token, or the file of a service account's key. It is stored encrypted. */
  readonly credential: string
}

/** Why an import waits or has stopped, and when it is tried again. */
export interface SearchFailure {
  readonly problem: SearchProblem
  readonly detail: string
  /** Null: not before somebody connects again. */
  readonly resumeAt: Date | null
  /** Whether the import had got further since the failure before, so that failures are counted anew. */
  readonly hadProgress: boolean
}

/** The sites' connections to a search engine's console, and the days that were read. */
export interface SearchConnections {
  get(site: SiteId): Promise<SearchConnection | null>
  /**
   * Replaces a site's connection. A property that was chosen before stays chosen, and its days stay read.
   * @throws {RegistryError} `unknown-site`
   */
  connect(input: SearchConnectionInput): Promise<SearchConnection>
  /** Chooses the property. The days of another one are forgotten. Returns null if the site has no connection. */
  choose(site: SiteId, property: string): Promise<SearchConnection | null>
  /** Removes the connection with its credential. Returns false if there was none. */
  remove(site: SiteId): Promise<boolean>
  /** Decrypts the credential; null if the site has no connection. */
  credential(site: SiteId): Promise<string | null>
  /** Returns the sites whose import may go on now. */
  due(): Promise<SiteId[]>
  /** Returns the days that were read, the last first. */
  days(site: SiteId): Promise<ReadDay[]>
  /** Records days that were read. Returns false if the property is not the chosen one any more. */
  recordDays(site: SiteId, property: string, days: readonly ReadDay[]): Promise<boolean>
  /** Records that all days were read. The import is due again at `next`. */
  succeeded(site: SiteId, next: Date): Promise<void>
  failed(site: SiteId, failure: SearchFailure): Promise<void>
  /** Removes days that are older than three years. */
  forgetOld(): Promise<void>
}

const secretName = 'search-credentials'
const storedMs = 3 * 366 * 86_400_000
/** characters of a problem for people */
const maxDetail = 500

export function createSearchConnections(database: Database, now: () => number): SearchConnections {
  const find = async (where: string, params: readonly unknown[]) =>
    (
      await database.query<ConnectionRow>(
        `select ${connectionColumns} from peerpress.search_connection ${where}`,
        params,
      )
    ).map(connectionOf)
  return {
    get: async (site) => (isSiteId(site) ? ((await find('where site = $1', [site]))[0] ?? null) : null),
    connect: (input) => connect(database, input, new Date(now())),
    choose: async (site, property) => (isSiteId(site) ? choose(database, site, property) : null),
    remove: async (site) =>
      isSiteId(site) &&
      (await database.query('delete from peerpress.search_connection where site = $1 returning site', [site]))
        .length > 0,
    credential: async (site) => {
      if (!isSiteId(site)) return null
      const query = 'select sealed_credential from peerpress.search_connection where site = $1'
      const [row] = await database.query<{ sealed_credential: Uint8Array }>(query, [site])
      return row === undefined
        ? null
        : unseal(await readSecret(database, secretName), site, row.sealed_credential)
    },
    due: async () =>
      (
        await find(
          `where property is not null and (resume_at <= $1 or resume_at is null and problem is null) order by site`,
          [new Date(now())],
        )
      ).map(({ site }) => site),
    days: async (site) => {
      if (!isSiteId(site)) return []
      return database.query<ReadDay>(
        `select day::text as day, is_final as "isFinal" from peerpress.search_day where site = $1 order by search_day.day desc`,
        [site],
      )
    },
    recordDays: async (site, property, days) => {
      if (!isSiteId(site)) return false
      const rows = await database.query(
        `with chosen as (select site from peerpress.search_connection where site = $1 and property = $2 for update),
         recorded as (
           insert into peerpress.search_day (site, day, is_final, read_at)
           select site, day, "isFinal", $4::timestamptz
           from chosen, jsonb_to_recordset($3::text::jsonb) as of_day (day date, "isFinal" boolean)
           on conflict (site, day) do update set is_final = excluded.is_final, read_at = excluded.read_at)
         select site from chosen`,
        [site, property, JSON.stringify(days), new Date(now())],
      )
      return rows.length > 0
    },
    succeeded: async (site, next) => {
      await database.query(
        `update peerpress.search_connection set imported_at = $2, problem = null, detail = null, attempts = 0,
           resume_at = $3 where site = $1`,
        [site, new Date(now()), next],
      )
    },
    failed: async (site, { problem, detail, resumeAt, hadProgress }) => {
      await database.query(
        `update peerpress.search_connection set problem = $2, detail = $3, resume_at = $4, attempts = case when $5::boolean then 1 else attempts + 1 end where site = $1`,
        [
          site,
          problem,
          detail.replaceAll('\0', '').slice(0, maxDetail).toWellFormed(),
          resumeAt,
          hadProgress,
        ],
      )
    },
    forgetOld: async () => {
      await database.query('delete from peerpress.search_day where day < $1::text::date', [
        new Date(now() - storedMs).toISOString().slice(0, 10),
      ])
    },
  }
}

async function connect(
  database: Database,
  { site, kind, account, credential }: SearchConnectionInput,
  at: Date,
): Promise<SearchConnection> {
  const unknown = () => new RegistryError('unknown-site', 'There is no such site.')
  if (!isSiteId(site)) throw unknown()
  const sealed = seal(await readSecret(database, secretName), site, credential)
  const [row] = await database.query<ConnectionRow>(
    `insert into peerpress.search_connection (site, kind, account, sealed_credential, connected_at)
     select id, $2, $3, $4, $5 from peerpress.site where id = $1
     on conflict (site) do update set kind = $2, account = $3, sealed_credential = $4, connected_at = $5,
       problem = null, detail = null, attempts = 0, resume_at = null
     returning ${connectionColumns}`,
    [site, kind, account, sealed, at],
  )
  if (row === undefined) throw unknown()
  return connectionOf(row)
}

async function choose(database: Database, site: SiteId, property: string): Promise<SearchConnection | null> {
  return database.transaction(async (sql) => {
    await sql.query(
      `delete from peerpress.search_day where site = (select site from peerpress.search_connection
         where site = $1 and property is distinct from $2 for update)`,
      [site, property],
    )
    const [row] = await sql.query<ConnectionRow>(
      `update peerpress.search_connection set property = $2, problem = null, detail = null, attempts = 0,
         resume_at = null, imported_at = case when property = $2 then imported_at end
       where site = $1 returning ${connectionColumns}`,
      [site, property],
    )
    return row === undefined ? null : connectionOf(row)
  })
}
