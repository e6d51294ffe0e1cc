import type { AssetId, Mode, Policy, SiteId } from '@peerpress/wire'
import type { Database, Sql } from '../engines/database.ts'
import type { EventTransaction, EventTransactions } from '../outbox/event-transaction.ts'
import { keysetPage, type KeysetQuery, newestFirst, type Placed } from '../keyset/keyset.ts'
import { isSiteId } from './site-id.ts'
import { createRecordId } from '../record-id.ts'
import { RegistryError } from '../registry-error.ts'
import { recordEntry } from '../timeline/timeline.ts'
import type { Consent, Site, SiteCredentials } from './site.ts'
import {
  checkSavingsRates,
  normaliseSiteName,
  normaliseTimeZone,
  originsOf,
  type SiteSettings,
} from './site-settings.ts'
import {
  createSigningKey,
  createSiteKeyRecords,
  createWebhookSecret,
  type SiteKeyRecords,
} from './site-keys.ts'
import { normaliseSiteUrl } from './site-url.ts'

export interface SiteInput {
  /** Home URL, http(s), may have a path. */
  readonly url: string
  /** Further origins its media live on. @default the home URL's alone */
  readonly origins?: readonly string[] | undefined
  /** @default 'full', or what is recorded for a site that is connected again */
  readonly mode?: Mode | undefined
  readonly consent: Consent
  readonly allowPrivateAddresses: boolean
}

/** The outcome of recording a policy. `outdated`: a later policy is recorded already. */
export type PolicyOutcome = 'recorded' | 'outdated' | 'unknown-site'

/** The sites of this server, their signing keys and webhook secrets. */
export interface Sites extends SiteKeyRecords {
  /**
   * Registers a site with a fresh key and secret.
   * @throws {RegistryError} `invalid-url`, `invalid-origin`, `site-exists`.
   */
  add(input: SiteInput): Promise<SiteCredentials>
  get(id: SiteId): Promise<Site | null>
  /** Returns all sites, oldest first. */
  list(): Promise<Site[]>
  /** Returns a page of these sites, or of all for null; newest first. */
  page(ids: readonly SiteId[] | null, query: KeysetQuery): Promise<Placed<Site>[]>
  /**
   * Records the policy that a site's owner chose at `sentAt`, unless a later policy is recorded: messages may arrive out of
   * order.
   */
  setPolicy(id: SiteId, policy: Policy, sentAt: Date): Promise<PolicyOutcome>
  /**
   * Changes the given settings of a site. Returns the site as it is then; null if it does not exist.
   * @throws {RegistryError} `invalid-name`, `invalid-time-zone`, `invalid-origin`, `invalid-savings-rate`; nothing is changed then.
   */
  configure(id: SiteId, settings: SiteSettings): Promise<Site | null>
  /** Returns the recorded policies of these sites. Unknown and disconnected sites are left out. */
  policies(ids: readonly SiteId[]): Promise<ReadonlyMap<SiteId, Policy>>
  /**
   * Removes the site with its key, its posts, its events, and the assets that only its posts have. Returns false if the
   * site does not exist.
   */
  remove(id: SiteId): Promise<boolean>
  /** Ends the site's connection, if it has not ended. Connecting the same URL again begins a new connection. */
  disconnect(id: SiteId): Promise<void>
}

export function createSites(sql: Database, outbox: EventTransactions, now: () => number): Sites {
  return {
    ...createSiteKeyRecords(sql, now),
    add: (input) => outbox.transaction((within) => addSite(within, input, now())),
    get: async (id) => (isSiteId(id) ? ((await findSites(sql, 'where id = $1', [id]))[0] ?? null) : null),
    list: () => findSites(sql, 'order by created_at, id'),
    page: async (ids, query) => {
      return keysetPage(
        sql,
        {
          columns: siteColumns,
          from: 'peerpress.site',
          ...(ids !== null && { where: 'id = any($1)', params: [ids.filter(isSiteId)] }),
          order: newestFirst('created_at'),
          read: siteOf,
        },
        query,
      )
    },
    setPolicy: async (id, { mode, consent }, sentAt) => {
      if (!isSiteId(id)) return 'unknown-site'
      const isRecorded = await outbox.transaction(async (within) => {
        const before = await within.query<Policy>(
          'select mode, consent from peerpress.site where id = $1 for update',
          [id],
        )
        const recorded = await within.query(
          `update peerpress.site set mode = $2, consent = $3, policy_sent_at = $4
           where id = $1 and (policy_sent_at is null or policy_sent_at <= $4) returning id`,
          [id, mode, consent, sentAt],
        )
        if (recorded.length > 0) within.emit({ type: 'policy.changed', site: id, mode, consent })
        const isOther = before[0]?.mode !== mode || before[0]?.consent !== consent
        if (recorded.length > 0 && isOther) {
          const at = new Date(now())
          await recordEntry(within, { site: id, at, kind: 'policy', subject: mode, text: consent })
        }
        return recorded.length > 0
      })
      if (isRecorded) return 'recorded'
      return (await findSites(sql, 'where id = $1', [id])).length > 0 ? 'outdated' : 'unknown-site'
    },
    configure: (id, settings) => sql.transaction((within) => configureSite(within, id, settings)),
    policies: async (ids) => {
      const rows = await sql.query<{ id: SiteId } & Policy>(
        'select id, mode, consent from peerpress.site where id = any($1) and disconnected_at is null',
        [ids.filter(isSiteId)],
      )
      return new Map(rows.map(({ id, mode, consent }) => [id, { mode, consent }]))
    },
    remove: async (id) =>
      isSiteId(id) &&
      outbox.transaction(async (within) => {
        const named = await within.query<{ asset: AssetId }>(
          'select distinct asset from peerpress.post_asset where site = $1',
          [id],
        )
        const removed = await within.query('delete from peerpress.site where id = $1 returning id', [id])
        // Assets that a post of another site has released stay: the mirror answers 410 for them.
        await within.query(
          `delete from peerpress.asset
           where id in (select jsonb_array_elements_text($1::text::jsonb))
             and not exists (select 1 from peerpress.post_asset where post_asset.asset = asset.id)`,
          [JSON.stringify(named.map(({ asset }) => asset))],
        )
        if (removed.length > 0) within.emit({ type: 'site.removed', site: id })
        return removed.length > 0
      }),
    disconnect: async (id) => {
      if (!isSiteId(id)) return
      await outbox.transaction(async (within) => {
        const ended = await within.query(
          'update peerpress.site set disconnected_at = $2 where id = $1 and disconnected_at is null returning id',
          [id, new Date(now())],
        )
        if (ended.length > 0) within.emit({ type: 'site.disconnected', site: id })
      })
    },
  }
}

/**
 * Registers a site. If a site with this URL exists, it gets a new secret and the new policy instead.
 * @throws {RegistryError} `invalid-url`, `invalid-origin`.
 */
export async function connectSite(
  sql: EventTransaction,
  input: SiteInput,
  now: number,
): Promise<SiteCredentials> {
  const url = normaliseSiteUrl(input.url)
  const webhookSecret = createWebhookSecret()
  const updated = await sql.query<{ id: SiteId }>(
    `update peerpress.site set webhook_secret = $2, next_webhook_secret = null, consent = $3, allow_private_addresses = $4,
       mode = coalesce($5, mode), policy_sent_at = null, disconnected_at = null
     where url = $1 returning id`,
    [url, webhookSecret, input.consent, input.allowPrivateAddresses, input.mode ?? null],
  )
  const [site] = await findSites(sql, 'where id = $1', [updated[0]?.id ?? ''])
  if (site === undefined) return addSite(sql, input, now)
  sql.emit({ type: 'site.reconnected', site: site.id })
  return { site, webhookSecret }
}

/**
 * Gives a site another URL, a new secret and the new policy. Its id, key, posts and measurements stay. Returns null if the
 * site does not exist any more.
 * @throws {RegistryError} `invalid-url`, `site-exists`.
 */
export async function moveSite(
  sql: EventTransaction,
  id: SiteId,
  input: SiteInput,
): Promise<SiteCredentials | null> {
  const url = normaliseSiteUrl(input.url)
  await requireFree(sql, url, id)
  const [before] = await findSites(sql, 'where id = $1', [id])
  if (before === undefined) return null
  // The media's other origins stay; the first one is that of the home URL.
  const origins = [...new Set([new URL(url).origin, ...before.origins.slice(1)])]
  const webhookSecret = createWebhookSecret()
  await sql.query(
    `update peerpress.site set url = $2, origins = $3, webhook_secret = $4, next_webhook_secret = null, consent = $5,
       allow_private_addresses = $6, mode = coalesce($7, mode), policy_sent_at = null, disconnected_at = null
     where id = $1`,
    [id, url, origins, webhookSecret, input.consent, input.allowPrivateAddresses, input.mode ?? null],
  )
  const [site] = await findSites(sql, 'where id = $1', [id])
  if (site === undefined) return null
  sql.emit({ type: 'site.reconnected', site: id })
  return { site, webhookSecret }
}

/** @throws {RegistryError} `site-exists` when another site than `id` has this normalised URL. */
export async function requireFree(sql: Sql, url: string, id: SiteId): Promise<void> {
  const others = await sql.query('select id from peerpress.site where url = $1 and id <> $2', [url, id])
  if (others.length > 0) throw new RegistryError('site-exists', `${url} is registered as another site`)
}

async function addSite(sql: EventTransaction, input: SiteInput, now: number): Promise<SiteCredentials> {
  const url = normaliseSiteUrl(input.url)
  const origins = originsOf(url, input.origins ?? [])
  const { publicKey, key } = createSigningKey()
  const site: Site = {
    id: createRecordId(),
    url,
    name: null,
    timeZone: 'UTC',
    origins,
    mode: input.mode ?? 'full',
    consent: input.consent,
    unstated: { mode: input.mode ?? 'full', consent: input.consent },
    allowPrivateAddresses: input.allowPrivateAddresses,
    publicKey,
    createdAt: new Date(now),
    savingsRates: { pricePerGigabyte: null, currency: null, carbonPerGigabyte: null },
    disconnectedAt: null,
  }
  const webhookSecret = createWebhookSecret()
  const inserted = await sql.query(
    `insert into peerpress.site (id, url, origins, consent, allow_private_addresses, private_key, public_key,
       webhook_secret, created_at, mode, unstated_mode, unstated_consent)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (url) do nothing returning id`,
    [
      site.id,
      url,
      origins,
      site.consent,
      site.allowPrivateAddresses,
      key.export({ format: 'der', type: 'pkcs8' }),
      site.publicKey,
      webhookSecret,
      site.createdAt,
      site.mode,
      site.unstated.mode,
      site.unstated.consent,
    ],
  )
  if (inserted.length === 0) throw new RegistryError('site-exists', `${url} is registered already`)
  sql.emit({ type: 'site.added', site: site.id })
  return { site, webhookSecret }
}

async function configureSite(
  sql: Sql,
  id: SiteId,
  { name, timeZone, origins, savingsRates }: SiteSettings,
): Promise<Site | null> {
  const [site] = isSiteId(id) ? await findSites(sql, 'where id = $1 for update', [id]) : []
  if (site === undefined) return null
  const changed: Site = {
    ...site,
    ...(name !== undefined && { name: name === null ? null : normaliseSiteName(name) }),
    ...(timeZone !== undefined && { timeZone: normaliseTimeZone(timeZone) }),
    ...(origins !== undefined && { origins: originsOf(site.url, origins) }),
    ...(savingsRates !== undefined && { savingsRates: checkSavingsRates(savingsRates) }),
  }
  const { pricePerGigabyte, currency, carbonPerGigabyte } = changed.savingsRates
  await sql.query(
    `update peerpress.site set name = $2, time_zone = $3, origins = $4, price_per_gigabyte = $5, price_currency = $6,
       carbon_per_gigabyte = $7 where id = $1`,
    [id, changed.name, changed.timeZone, changed.origins, pricePerGigabyte, currency, carbonPerGigabyte],
  )
  return changed
}

interface SiteRow {
  readonly id: SiteId
  readonly url: string
  readonly name: string | null
  readonly time_zone: string
  readonly origins: string[]
  readonly mode: Mode
  readonly consent: Consent
  readonly unstated_mode: Mode
  readonly unstated_consent: Consent
  readonly allow_private_addresses: boolean
  readonly public_key: Uint8Array
  readonly created_at: Date
  readonly price_per_gigabyte: number | null
  readonly price_currency: string | null
  readonly carbon_per_gigabyte: number | null
  readonly disconnected_at: Date | null
}

async function findSites(sql: Sql, rest: string, params: readonly unknown[] = []): Promise<Site[]> {
  const rows = await sql.query<SiteRow>(`select ${siteColumns} from peerpress.site ${rest}`, params)
  return rows.map(siteOf)
}

const siteColumns = `id, url, name, time_zone, origins, mode, consent, unstated_mode, unstated_consent,
  allow_private_addresses, public_key, created_at, price_per_gigabyte, price_currency, carbon_per_gigabyte, disconnected_at`

function siteOf(row: SiteRow): Site {
  return {
    id: row.id,
    url: row.url,
    name: row.name,
    timeZone: row.time_zone,
    origins: row.origins,
    mode: row.mode,
    consent: row.consent,
    unstated: { mode: row.unstated_mode, consent: row.unstated_consent },
    allowPrivateAddresses: row.allow_private_addresses,
    publicKey: row.public_key,
    createdAt: row.created_at,
    savingsRates: {
      pricePerGigabyte: row.price_per_gigabyte,
      currency: row.price_currency,
      carbonPerGigabyte: row.carbon_per_gigabyte,
    },
    disconnectedAt: row.disconnected_at,
  }
}
