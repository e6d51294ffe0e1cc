import type { SiteId } from '@peerpress/wire'
import type { Database, Sql } from '../engines/database.ts'
import { keysetPage, type KeysetQuery, newestFirst, type Placed } from '../keyset/keyset.ts'
import { createRecordId } from '../record-id.ts'

/** What the log records. Stable: clients show a text for each. */
export const auditActions = [
  'account.created',
  'account.signed-in',
  'account.closed',
  'account.password-changed',
  'welcome.issued',
  'member.set',
  'member.removed',
  'token.created',
  'token.revoked',
  'seed-tokens.rotated',
  'operator-token.rotated',
  'site.approved',
  'passkey.added',
  'passkey.removed',
  'identity.linked',
  'identity.unlinked',
  'sessions.ended',
  'sign-in.reset',
  'welcome.revoked',
  'public-report.published',
  'public-report.revoked',
  'signing-key.rotated',
  'webhook-secret.rotated',
  'model.added',
  'model.changed',
  'model.key-replaced',
  'model.removed',
  'local-model.fetched',
  'local-model.removed',
  'local-model.runtime-requested',
] as const
export type AuditAction = (typeof auditActions)[number]

/** One change of who may do what, or of the model that gets a site's evidence. */
export interface AuditEvent {
  readonly id: string
  readonly at: Date
  /** The id of an account, `operator` for the operator's token, `token:ID`, or `link` for a welcome link. */
  readonly actor: string
  readonly action: AuditAction
  /** Null if it concerns the installation. */
  readonly site: SiteId | null
  /** The account, token, address or model that it is about. */
  readonly subject: string | null
}

export type AuditEntry = Pick<AuditEvent, 'actor' | 'action'> & Partial<Pick<AuditEvent, 'site' | 'subject'>>

/** The log of changes of who may do what. */
export interface Audit {
  /** Returns the latest events, latest first; those of one site, or all. */
  list(options: { readonly site?: SiteId; readonly limit: number }): Promise<AuditEvent[]>
  /** Returns a page of the events of a site, or of all for null; latest first. */
  page(site: SiteId | null, query: KeysetQuery): Promise<Placed<AuditEvent>[]>
  /** Records an event that changes no other record of the registry. */
  record(entry: AuditEntry): Promise<void>
}

/** ms that events are stored. */
const auditMemory = 2 * 366 * 24 * 3600 * 1000

export function createAudit(database: Database, now: () => number): Audit {
  return {
    list: async ({ site, limit }) => {
      const rows = await database.query<AuditEvent>(
        `select id, at, actor, action, site, subject from peerpress.audit_event
         where $1::text is null or site = $1 order by at desc, id desc limit $2`,
        [site ?? null, limit],
      )
      return rows.map(eventOf)
    },
    page: async (site, query) => {
      return keysetPage(
        database,
        {
          columns: 'id, at, actor, action, site, subject',
          from: 'peerpress.audit_event',
          ...(site !== null && { where: 'site = $1', params: [site] }),
          order: newestFirst('at'),
          read: eventOf,
        },
        query,
      )
    },
    record: (entry) => recordAudit(database, entry, now()),
  }
}

function eventOf({ id, at, actor, action, site, subject }: AuditEvent): AuditEvent {
  return { id, at, actor, action, site, subject }
}

/** Records an event within the transaction of its change. */
export async function recordAudit(sql: Sql, entry: AuditEntry, now: number): Promise<void> {
  const { actor, action, site = null, subject = null } = entry
  await sql.query(
    `insert into peerpress.audit_event (id, at, actor, action, site, subject) values ($1, $2, $3, $4, $5, $6)`,
    [createRecordId(), new Date(now), actor, action, site, subject],
  )
}

export async function forgetOldAudit(sql: Sql, now: number): Promise<void> {
  await sql.query('delete from peerpress.audit_event where at < $1', [new Date(now - auditMemory)])
}
