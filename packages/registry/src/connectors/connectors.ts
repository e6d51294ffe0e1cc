import { randomBytes, randomInt } from 'node:crypto'
import type { SiteId } from '@peerpress/wire'
import type { Database, Sql } from '../engines/database.ts'
import type { JobQueue } from '../jobs/jobs.ts'
import { RegistryError } from '../registry-error.ts'
import { parseHttpUrl } from '../sites/site-url.ts'
import { isSiteId } from '../sites/site-id.ts'
import {
  connectorColumns,
  type ConnectorKind,
  connectorOf,
  type ConnectorRecord,
  type ConnectorRow,
  pollQueue,
} from './connector.ts'
import { createPages, type Pages, type PollResult } from './pages.ts'

/** Maximum number of connectors of one site. */
const maxConnectors = 20
/** Minutes from one poll to the next. */
const defaultMinutes = { feed: 15, sitemap: 60 } as const
const minMinutes = 5
const maxMinutes = 24 * 60
/** ms. Clocks of two servers differ by less. */
const leastSetBack = 60_000

export interface ConnectorInput {
  readonly site: SiteId
  readonly kind: ConnectorKind
  /** On an origin of the site. Null for a webhook, which has no address of its own. */
  readonly url: string | null
  /** 5 to 1440. Null for a webhook. @default 15 for a feed, 60 for a sitemap */
  readonly everyMinutes?: number | null | undefined
}

/** The connectors of sites: how they are set, and how their polls ended. */
export interface Connectors extends Pages {
  /**
   * Adds a connector, or changes the one with the same kind and URL. A feed or a sitemap is polled at once. A webhook gets a
   * new secret, which is returned only here.
   * @throws {RegistryError} `unknown-site`, `disconnected`, `invalid-url`, `invalid-connector`, `too-many-connectors`
   */
  set(input: ConnectorInput): Promise<{ readonly connector: ConnectorRecord; readonly secret: string | null }>
  /** Removes a connector and its list of pages. Its posts stay published. Returns false if the site has no such connector. */
  remove(site: SiteId, id: string): Promise<boolean>
  get(id: string): Promise<ConnectorRecord | null>
  /** Returns the connectors of a site, the first added first. */
  of(site: SiteId): Promise<ConnectorRecord[]>
  /** Returns the secret of a webhook; null for any other connector. */
  secretOf(id: string): Promise<string | null>
  /** Enqueues a poll for each connector that is due. */
  enqueueDue(): Promise<void>
  /** Records the end of a successful poll. */
  succeeded(id: string, result: PollResult): Promise<void>
  /** Records why a poll failed, and when the next one is due. */
  failed(id: string, failure: { readonly error: string; readonly dueAt: Date }): Promise<void>
  /** Records that a webhook received a valid request. */
  received(id: string): Promise<void>
}

export function createConnectors(database: Database, jobs: JobQueue, now: () => number): Connectors {
  const find = async (rest: string, params: readonly unknown[]) => {
    const query = `select ${connectorColumns} from peerpress.connector ${rest}`
    return (await database.query<ConnectorRow>(query, params)).map(connectorOf)
  }
  return {
    ...createPages(database, now),
    set: async (input) => {
      await jobs.prepare(pollQueue)
      return database.transaction(async (sql) => {
        const set = await setConnector(sql, input, new Date(now()))
        if (input.kind !== 'webhook') await jobs.enqueueWithin(sql, pollJob(set.connector))
        return set
      })
    },
    remove: async (site, id) => {
      if (!isSiteId(site) || !isSiteId(id)) return false
      const query = 'delete from peerpress.connector where site = $1 and id = $2 returning id'
      return (await database.query(query, [site, id])).length > 0
    },
    get: async (id) => (isSiteId(id) ? ((await find('where id = $1', [id]))[0] ?? null) : null),
    of: (site) =>
      isSiteId(site) ? find('where site = $1 order by created_at, id', [site]) : Promise.resolve([]),
    secretOf: async (id) => {
      if (!isSiteId(id)) return null
      const query = 'select secret from peerpress.connector where id = $1'
      return (await database.query<{ secret: string | null }>(query, [id]))[0]?.secret ?? null
    },
    enqueueDue: async () => {
      // After the clock was set back, a poll of the former time says nothing about when the next one is due.
      await database.query(
        'update peerpress.connector set due_at = $1, polled_at = $1 where due_at > $1 and polled_at > $2',
        [new Date(now()), new Date(now() + leastSetBack)],
      )
      const query = `select id, site from peerpress.connector where due_at <= $1 order by due_at limit 1000`
      const due = await database.query<Pick<ConnectorRecord, 'id' | 'site'>>(query, [new Date(now())])
      for (const connector of due) await jobs.enqueue(pollJob(connector))
    },
    succeeded: async (id, { cursor, named, requested, problems, dueAt, isComplete }) => {
      await database.query(
        `update peerpress.connector set cursor = $2::text::jsonb, named = $3, requested = $4, problems = $5::text::jsonb,
           due_at = $6, polls = polls + $7, polled_at = $8, succeeded_at = $8, failures = 0, error = null
         where id = $1`,
        [
          id,
          JSON.stringify(cursor),
          named,
          requested,
          JSON.stringify(problems.map(storable)),
          dueAt,
          isComplete ? 1 : 0,
          new Date(now()),
        ],
      )
    },
    failed: async (id, { error, dueAt }) => {
      await database.query(
        `update peerpress.connector set error = $2, due_at = $3, failures = failures + 1, polled_at = $4 where id = $1`,
        [id, storable(error), dueAt, new Date(now())],
      )
    },
    received: async (id) => {
      await database.query('update peerpress.connector set received_at = $2 where id = $1', [
        id,
        new Date(now()),
      ])
    },
  }
}

function pollJob({ id, site }: Pick<ConnectorRecord, 'id' | 'site'>) {
  return { name: pollQueue, key: id, group: site, data: { connector: id } }
}

async function setConnector(sql: Sql, input: ConnectorInput, at: Date) {
  const { site, kind } = input
  const url = await sourceUrl(sql, input)
  const everyMinutes = minutesOf(input)
  const secret = kind === 'webhook' ? `whsec_${randomBytes(32).toString('base64')}` : null
  const rows = await sql.query<ConnectorRow>(
    `insert into peerpress.connector (id, site, kind, url, every_minutes, secret, created_at, due_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (site, kind, url) do update set every_minutes = excluded.every_minutes, secret = excluded.secret,
       due_at = excluded.due_at, failures = 0
     returning ${connectorColumns}`,
    [createId(), site, kind, url, everyMinutes, secret, at, kind === 'webhook' ? null : at],
  )
  const counted = 'select count(*)::int as count from peerpress.connector where site = $1'
  const [row] = await sql.query<{ count: number }>(counted, [site])
  if ((row?.count ?? 0) > maxConnectors) {
    throw new RegistryError('too-many-connectors', `a site has at most ${maxConnectors} connectors`)
  }
  const [connector] = rows.map(connectorOf)
  if (connector === undefined) throw new Error('the connector was not recorded')
  return { connector, secret }
}

/** Locks the site, so that connectors are counted one by one. Returns the address of the source; '' for a webhook. */
async function sourceUrl(sql: Sql, { site, kind, url }: ConnectorInput): Promise<string> {
  const query = 'select origins, disconnected_at from peerpress.site where id = $1 for update'
  const [row] = isSiteId(site)
    ? await sql.query<{ origins: string[]; disconnected_at: Date | null }>(query, [site])
    : []
  if (row === undefined) throw new RegistryError('unknown-site', 'there is no such site')
  if (row.disconnected_at !== null) {
    throw new RegistryError('disconnected', 'the site has disconnected; connect it again first')
  }
  if (kind === 'webhook') {
    if (url === null) return ''
    throw new RegistryError(
      'invalid-connector',
      'a webhook has no URL of its own: the site sends requests to it',
    )
  }
  const parsed = url === null ? null : parseHttpUrl(url)
  if (parsed === null) throw new RegistryError('invalid-url', `a ${kind} needs an absolute http(s) URL`)
  if (!row.origins.includes(parsed.origin)) {
    throw new RegistryError(
      'invalid-url',
      `the ${kind} is not on an origin of the site: use an address that starts with ${row.origins.join(' or ')}`,
    )
  }
  parsed.hash = ''
  return parsed.href
}

function minutesOf({ kind, everyMinutes }: ConnectorInput): number | null {
  if (kind === 'webhook') {
    if (everyMinutes == null) return null
    throw new RegistryError('invalid-connector', 'a webhook is not polled, so it has no interval')
  }
  const minutes = everyMinutes ?? defaultMinutes[kind]
  if (!Number.isInteger(minutes) || minutes < minMinutes || minutes > maxMinutes) {
    throw new RegistryError('invalid-connector', `a poll is due every ${minMinutes} to ${maxMinutes} minutes`)
  }
  return minutes
}

const idAlphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'

function createId(): string {
  return Array.from({ length: 16 }, () => idAlphabet[randomInt(idAlphabet.length)]).join('')
}

/** Postgres stores no U+0000. */
function storable(text: string): string {
  return text.replaceAll('\0', '').slice(0, 500).toWellFormed()
}
