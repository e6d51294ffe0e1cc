import type { SiteId } from '@peerpress/wire'
import { recordAudit } from '../audit/audit.ts'
import type { Database, Sql } from '../engines/database.ts'
import { keysetPage, type KeysetQuery, newestFirst, type Placed } from '../keyset/keyset.ts'
import { requireOwner } from '../memberships/memberships.ts'
import { createRecordId, isRecordId } from '../record-id.ts'
import { isSiteId } from '../sites/site-id.ts'

/** A token with which a program acts in some sites. Its secret is stored as a hash. */
export interface ApiToken {
  readonly id: string
  readonly name: string
  /** The account that made it; null if the operator's token did. */
  readonly account: string | null
  /** Names of what it permits. */
  readonly scopes: readonly string[]
  readonly sites: readonly SiteId[]
  readonly createdAt: Date
  /** Null for the token of a seed, which runs for years. */
  readonly expiresAt: Date | null
  /** The hour of its last use; null if it was not used. */
  readonly usedAt: Date | null
}

export interface ApiTokenInput extends Pick<ApiToken, 'name' | 'account' | 'scopes' | 'sites' | 'expiresAt'> {
  readonly hash: Uint8Array
}

/** The tokens of programs. */
export interface ApiTokens {
  /**
   * Adds a token.
   * @throws {RegistryError} `not-owner` if its account was closed or ceased to own one of the sites in the meantime
   */
  add(token: ApiTokenInput, actor: string): Promise<ApiToken>
  /** Returns the token with this hash, unless it has expired. */
  find(hash: Uint8Array): Promise<ApiToken | null>
  get(id: string): Promise<ApiToken | null>
  /** Returns the tokens of a site, oldest first, also those that have expired. */
  of(site: SiteId): Promise<ApiToken[]>
  /** Returns a page of the tokens of a site, newest first, also those that have expired. */
  page(site: SiteId, query: KeysetQuery): Promise<Placed<ApiToken>[]>
  /** Returns false if there is no such token. */
  revoke(id: string, actor: string): Promise<boolean>
  /**
   * Revokes all tokens of a site's seeds, also those of release 0.1, and adds one in their place.
   */
  rotateSeeds(
    token: ApiTokenInput & { readonly site: SiteId; readonly scope: string },
    actor: string,
  ): Promise<void>
  /** Whether the site has tokens of seeds that were derived from the operator's token by release 0.1. */
  hasDerivedSeedTokens(site: SiteId): Promise<boolean>
}

/** ms between two records of a token's last use. */
const usedInterval = 3_600_000

export function createApiTokens(database: Database, now: () => number): ApiTokens {
  const add = async (sql: Sql, input: ApiTokenInput, actor: string): Promise<ApiToken> => {
    const { hash, sites, ...token } = input
    const id = createRecordId()
    const createdAt = new Date(now())
    if (token.account !== null) await requireOwner(sql, token.account, sites)
    await sql.query(
      `insert into peerpress.api_token (id, hash, name, account, scopes, created_at, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [id, hash, token.name, token.account, token.scopes, createdAt, token.expiresAt],
    )
    for (const site of sites) {
      await sql.query('insert into peerpress.api_token_site (token, site) values ($1, $2)', [id, site])
      await recordAudit(sql, { actor, action: 'token.created', site, subject: id }, now())
    }
    const { name, account, scopes, expiresAt } = token
    return { id, name, account, scopes, sites, createdAt, expiresAt, usedAt: null }
  }
  return {
    add: (token, actor) => database.transaction((sql) => add(sql, token, actor)),
    find: async (hash) => {
      const [token] = await findTokens(database, 'hash = $1 and (expires_at is null or expires_at > $2)', [
        hash,
        new Date(now()),
      ])
      if (token === undefined) return null
      if ((token.usedAt?.getTime() ?? 0) < now() - usedInterval) {
        await database.query('update peerpress.api_token set used_at = $2 where id = $1', [
          token.id,
          new Date(now()),
        ])
      }
      return token
    },
    get: async (id) => (isRecordId(id) ? ((await findTokens(database, 'id = $1', [id]))[0] ?? null) : null),
    of: async (site) => (isSiteId(site) ? findTokens(database, tokensOfSite, [site]) : []),
    page: async (site, query) => {
      if (!isSiteId(site)) return []
      return keysetPage(
        database,
        {
          columns: tokenColumns,
          from: 'peerpress.api_token',
          where: tokensOfSite,
          params: [site],
          order: newestFirst('created_at'),
          read: tokenOf,
        },
        query,
      )
    },
    revoke: async (id, actor) => {
      if (!isRecordId(id)) return false
      return database.transaction(async (sql) => {
        const [token] = await findTokens(sql, 'id = $1', [id])
        if (token === undefined) return false
        await sql.query('delete from peerpress.api_token where id = $1', [id])
        for (const site of token.sites) {
          await recordAudit(sql, { actor, action: 'token.revoked', site, subject: id }, now())
        }
        return true
      })
    },
    rotateSeeds: ({ site, scope, ...token }, actor) =>
      database.transaction(async (sql) => {
        await sql.query(
          `delete from peerpress.api_token where $2 = any(scopes)
             and id in (select token from peerpress.api_token_site where site = $1)`,
          [site, scope],
        )
        await sql.query('update peerpress.site set has_derived_seed_tokens = false where id = $1', [site])
        await add(sql, token, actor)
        await recordAudit(sql, { actor, action: 'seed-tokens.rotated', site }, now())
      }),
    hasDerivedSeedTokens: async (site) => {
      if (!isSiteId(site)) return false
      const [row] = await database.query<{ has_derived_seed_tokens: boolean }>(
        'select has_derived_seed_tokens from peerpress.site where id = $1',
        [site],
      )
      return row?.has_derived_seed_tokens ?? false
    },
  }
}

const tokensOfSite = 'id in (select token from peerpress.api_token_site where site = $1)'

interface ApiTokenRow {
  readonly id: string
  readonly name: string
  readonly account: string | null
  readonly scopes: string[]
  readonly sites: SiteId[]
  readonly created_at: Date
  readonly expires_at: Date | null
  readonly used_at: Date | null
}

async function findTokens(sql: Sql, where: string, params: readonly unknown[]): Promise<ApiToken[]> {
  const rows = await sql.query<ApiTokenRow>(
    `select ${tokenColumns} from peerpress.api_token where ${where} order by created_at, id`,
    params,
  )
  return rows.map(tokenOf)
}

const tokenColumns = `id, name, account, scopes, created_at, expires_at, used_at,
  array(select site from peerpress.api_token_site where token = id order by site) as sites`

function tokenOf(row: ApiTokenRow): ApiToken {
  return {
    id: row.id,
    name: row.name,
    account: row.account,
    scopes: row.scopes,
    sites: row.sites,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    usedAt: row.used_at,
  }
}
