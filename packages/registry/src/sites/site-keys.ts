import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import type { SiteId } from '@peerpress/wire'
import { recordAudit } from '../audit/audit.ts'
import type { Database, Sql } from '../engines/database.ts'
import { RegistryError } from '../registry-error.ts'
import { isSiteId } from './site-id.ts'

/** A key pair that signs for a site. */
export interface SigningKey {
  /** Ed25519, 32 bytes raw. */
  readonly publicKey: Uint8Array
  readonly key: KeyObject
}

/** ms that manifests have the signature of a former key, too. Pages live in caches for weeks. */
const formerKeyLifetime = 90 * 86_400_000

/** The signing keys and webhook secrets of sites, and their rotation. */
export interface SiteKeyRecords {
  /**
   * The site's Ed25519 private key.
   * @throws {RegistryError} `unknown-site`.
   */
  signingKey(id: SiteId): Promise<KeyObject>
  /**
   * The keys that sign for the site: the current one, then former ones that have not ended.
   * @throws {RegistryError} `unknown-site`.
   */
  signingKeys(id: SiteId): Promise<SigningKey[]>
  /**
   * Draws the signing key anew. The former one signs along until it ends, or ends at once.
   * @throws {RegistryError} `unknown-site`.
   */
  rotateSigningKey(
    id: SiteId,
    options: { readonly actor: string; readonly endsFormer: boolean },
  ): Promise<void>
  /** Returns until when a former key signs along, or null. */
  formerKeysUntil(id: SiteId): Promise<Date | null>
  /** `whsec_…`, or null when there is no such site. */
  webhookSecret(id: SiteId): Promise<string | null>
  /** The secret that follows the present one once the site has used it; null if there is none. */
  nextWebhookSecret(id: SiteId): Promise<string | null>
  /** Draws the secret that follows the present one. Returns null if there is no such site. */
  rotateWebhookSecret(id: SiteId, actor: string): Promise<string | null>
  /** Ends the present secret, because the site has used the next one. */
  confirmWebhookSecret(id: SiteId, next: string): Promise<void>
}

export function createSiteKeyRecords(database: Database, now: () => number): SiteKeyRecords {
  const keysOf = async (id: SiteId): Promise<SigningKey[]> => {
    if (!isSiteId(id)) throw new RegistryError('unknown-site', 'no such site')
    const rows = await database.query<{ private_key: Uint8Array; public_key: Uint8Array }>(
      `(select private_key, public_key, null::timestamptz as rotated_at from peerpress.site where id = $1)
       union all
       (select private_key, public_key, rotated_at from peerpress.former_signing_key
        where site = $1 and ends_at > $2)
       order by rotated_at desc nulls first`,
      [id, new Date(now())],
    )
    if (rows.length === 0) throw new RegistryError('unknown-site', `no site ${id}`)
    return rows.map(({ private_key: key, public_key: publicKey }) => ({
      publicKey,
      key: createPrivateKey({ key: Buffer.from(key), format: 'der', type: 'pkcs8' }),
    }))
  }
  const secretOf = async (id: SiteId, column: 'webhook_secret' | 'next_webhook_secret') => {
    if (!isSiteId(id)) return null
    const query = `select ${column} as secret from peerpress.site where id = $1`
    return (await database.query<{ secret: string | null }>(query, [id]))[0]?.secret ?? null
  }
  return {
    signingKeys: keysOf,
    signingKey: async (id) => (await keysOf(id))[0]!.key,
    rotateSigningKey: (id, options) =>
      database.transaction((sql) => rotateSigningKey(sql, id, { ...options, now: now() })),
    formerKeysUntil: async (id) => {
      if (!isSiteId(id)) return null
      const [row] = await database.query<{ ends_at: Date | null }>(
        'select max(ends_at) as ends_at from peerpress.former_signing_key where site = $1 and ends_at > $2',
        [id, new Date(now())],
      )
      return row?.ends_at ?? null
    },
    webhookSecret: (id) => secretOf(id, 'webhook_secret'),
    nextWebhookSecret: (id) => secretOf(id, 'next_webhook_secret'),
    rotateWebhookSecret: (id, actor) =>
      database.transaction(async (sql) => {
        if (!isSiteId(id)) return null
        const secret = createWebhookSecret()
        const rotated = await sql.query(
          'update peerpress.site set next_webhook_secret = $2 where id = $1 returning id',
          [id, secret],
        )
        if (rotated.length === 0) return null
        await recordAudit(sql, { actor, action: 'webhook-secret.rotated', site: id }, now())
        return secret
      }),
    confirmWebhookSecret: async (id, next) => {
      await database.query(
        `update peerpress.site set webhook_secret = next_webhook_secret, next_webhook_secret = null
         where id = $1 and next_webhook_secret = $2`,
        [id, next],
      )
    },
  }
}

/** Draws a Standard Webhooks secret. */
export function createWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`
}

/** Draws a signing key. */
export function createSigningKey(): SigningKey {
  const { privateKey: key } = generateKeyPairSync('ed25519')
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' })
  return { key, publicKey: Buffer.from(x, 'base64url') }
}

async function rotateSigningKey(
  sql: Sql,
  id: SiteId,
  { actor, endsFormer, now }: { readonly actor: string; readonly endsFormer: boolean; readonly now: number },
): Promise<void> {
  const [site] = isSiteId(id)
    ? await sql.query<{ private_key: Uint8Array; public_key: Uint8Array }>(
        'select private_key, public_key from peerpress.site where id = $1 for update',
        [id],
      )
    : []
  if (site === undefined) throw new RegistryError('unknown-site', `no site ${id}`)
  if (endsFormer) await sql.query('delete from peerpress.former_signing_key where site = $1', [id])
  else {
    await sql.query(
      `insert into peerpress.former_signing_key (site, public_key, private_key, rotated_at, ends_at)
       values ($1, $2, $3, $4, $5)`,
      [id, site.public_key, site.private_key, new Date(now), new Date(now + formerKeyLifetime)],
    )
  }
  // Each key adds a signature to every manifest.
  await sql.query(
    `delete from peerpress.former_signing_key where site = $1 and public_key not in
       (select public_key from peerpress.former_signing_key where site = $1 order by rotated_at desc limit $2)`,
    [id, maxFormerKeys],
  )
  const { key, publicKey } = createSigningKey()
  await sql.query('update peerpress.site set private_key = $2, public_key = $3 where id = $1', [
    id,
    key.export({ format: 'der', type: 'pkcs8' }),
    publicKey,
  ])
  await recordAudit(sql, { actor, action: 'signing-key.rotated', site: id }, now)
}

/** Maximum number of former keys that sign along. */
const maxFormerKeys = 3

/** Removes former keys that have ended. */
export async function forgetFormerKeys(sql: Sql, now: number): Promise<void> {
  await sql.query('delete from peerpress.former_signing_key where ends_at <= $1', [new Date(now)])
}
