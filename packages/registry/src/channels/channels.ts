import { randomBytes, randomUUID } from 'node:crypto'
import type { SiteId } from '@peerpress/wire'
import type { Database } from '../engines/database.ts'
import type { JobQueue } from '../jobs/jobs.ts'
import { addNotification, notificationQueue } from '../notifications/notify-channels.ts'
import { isRecordId } from '../notifications/record-id.ts'
import { RegistryError } from '../registry-error.ts'
import { isSiteId } from '../sites/site-id.ts'

export const channelKinds = ['email', 'webhook'] as const
export type ChannelKind = (typeof channelKinds)[number]

/** Where a site's notifications go. */
export interface Channel {
  readonly id: string
  readonly site: SiteId
  readonly kind: ChannelKind
  /** An e-mail address, or the URL of a webhook. */
  readonly target: string
  readonly createdAt: Date
  /** When the receiver unsubscribed. Null if it gets notifications. */
  readonly unsubscribedAt: Date | null
  /** Whether an e-mail channel gets the weekly digest. */
  readonly hasDigest: boolean
  /** Whether it gets notifications about incidents. Reports have recipients of their own. */
  readonly hasAlerts: boolean
}

/** Where the sites' notifications go. */
export interface Channels {
  of(site: SiteId): Promise<Channel[]>
  get(id: string): Promise<Channel | null>
  /**
   * Adds a channel, and returns it with the secret that signs a webhook (`whsec_…`; null for e-mail).
   * @throws {RegistryError} `unknown-site`, `channel-exists`, `unsubscribed`, `too-many-channels`
   */
  add(input: Pick<Channel, 'site' | 'kind' | 'target'>): Promise<{ channel: Channel; secret: string | null }>
  /** Returns false if there is no such channel. */
  remove(id: string): Promise<boolean>
  /** Records whether the receiver wants notifications. Ends the pending ones of a receiver that does not. */
  subscribe(id: string, isSubscribed: boolean): Promise<Channel | null>
  /** Has a channel get notifications about incidents, or not. Returns null if there is no such channel. */
  setAlerts(id: string, hasAlerts: boolean): Promise<Channel | null>
  /** Has an e-mail channel get the weekly digest, or not. Returns null if there is no such e-mail channel. */
  setDigest(id: string, hasDigest: boolean): Promise<Channel | null>
  /**
   * Writes a test message. Returns null if there is no such channel.
   * @throws {RegistryError} `unsubscribed`; `too-soon` within a minute of the last test
   */
  test(id: string): Promise<Channel | null>
  /** `whsec_…`; null if there is no such channel or it is no webhook. */
  secret(id: string): Promise<string | null>
}

/** Maximum number of a site's channels. */
const maxChannels = 20
/** ms between two test messages of a channel. */
const testPause = 60_000

export function createChannels(database: Database, jobs: JobQueue, now: () => number): Channels {
  const columns = 'id, site, kind, target, created_at, unsubscribed_at, has_digest, has_alerts'
  const find = async (where: string, params: readonly unknown[]) =>
    (
      await database.query<ChannelRow>(
        `select ${columns} from peerpress.channel ${where} order by created_at, id`,
        params,
      )
    ).map(channelOf)
  const get = async (id: string) => (isRecordId(id) ? ((await find('where id = $1', [id]))[0] ?? null) : null)
  return {
    of: async (site) => (isSiteId(site) ? find('where site = $1', [site]) : []),
    get,
    add: async ({ site, kind, target }) => {
      if (!isSiteId(site)) throw unknownSite()
      const secret = kind === 'webhook' ? `whsec_${randomBytes(32).toString('base64')}` : null
      return database.transaction(async (sql) => {
        // The lock makes two additions at once count each other.
        const sites = await sql.query('select 1 from peerpress.site where id = $1 for update', [site])
        if (sites.length === 0) throw unknownSite()
        const others = (
          await sql.query<ChannelRow>(`select ${columns} from peerpress.channel where site = $1`, [site])
        ).map(channelOf)
        refuseChannel(others, { kind, target })
        const [row] = await sql.query<ChannelRow>(
          `insert into peerpress.channel (id, site, kind, target, secret, created_at)
           values ($1, $2, $3, $4, $5, $6) returning ${columns}`,
          [randomUUID(), site, kind, target, secret, new Date(now())],
        )
        if (row === undefined) throw unknownSite()
        return { channel: channelOf(row), secret }
      })
    },
    remove: async (id) =>
      isRecordId(id) &&
      (await database.query('delete from peerpress.channel where id = $1 returning id', [id])).length > 0,
    subscribe: async (id, isSubscribed) => {
      if (!isRecordId(id)) return null
      const at = isSubscribed ? null : new Date(now())
      await database.transaction(async (sql) => {
        await sql.query(
          `update peerpress.channel set unsubscribed_at = $2
           where id = $1 and (unsubscribed_at is null) <> ($2::timestamptz is null)`,
          [id, at],
        )
        if (isSubscribed) return
        await sql.query(
          `update peerpress.notification set ended_at = $2, error = 'the receiver unsubscribed'
           where channel = $1 and sent_at is null and ended_at is null`,
          [id, at],
        )
      })
      return get(id)
    },
    setAlerts: async (id, hasAlerts) => {
      if (!isRecordId(id)) return null
      const [row] = await database.query<ChannelRow>(
        `update peerpress.channel set has_alerts = $2 where id = $1 returning ${columns}`,
        [id, hasAlerts],
      )
      return row === undefined ? null : channelOf(row)
    },
    setDigest: async (id, hasDigest) => {
      if (!isRecordId(id)) return null
      const [row] = await database.query<ChannelRow>(
        `update peerpress.channel set has_digest = $2 where id = $1 and kind = 'email' returning ${columns}`,
        [id, hasDigest],
      )
      return row === undefined ? null : channelOf(row)
    },
    test: async (id) => {
      if (!isRecordId(id)) return null
      await jobs.prepare(notificationQueue)
      return database.transaction(async (sql) => {
        const [row] = await sql.query<ChannelRow & { readonly url: string; readonly tested_at: Date | null }>(
          `select ${columns}, (select url from peerpress.site where id = channel.site) as url,
             (select max(created_at) from peerpress.notification where channel = $1 and type = 'test') as tested_at
           from peerpress.channel where id = $1 for update`,
          [id],
        )
        if (row === undefined) return null
        if (row.unsubscribed_at !== null) throw unsubscribed()
        const since = now() - (row.tested_at?.getTime() ?? -Infinity)
        // A clock that was set back must not block tests.
        if (since >= 0 && since < testPause) {
          throw new RegistryError(
            'too-soon',
            'A test message was sent less than a minute ago; wait a minute.',
          )
        }
        await addNotification(sql, jobs, {
          channel: id,
          incident: null,
          type: 'test',
          content: {
            site: { id: row.site, url: row.url },
            incident: null,
            text: 'This is a test. Notifications about incidents will arrive here.',
          },
          at: new Date(now()),
        })
        return channelOf(row)
      })
    },
    secret: async (id) => {
      if (!isRecordId(id)) return null
      const query = 'select secret from peerpress.channel where id = $1'
      return (await database.query<{ secret: string | null }>(query, [id]))[0]?.secret ?? null
    },
  }
}

interface ChannelRow extends Pick<Channel, 'id' | 'site' | 'kind' | 'target'> {
  readonly created_at: Date
  readonly unsubscribed_at: Date | null
  readonly has_digest: boolean
  readonly has_alerts: boolean
}

function channelOf({ id, site, kind, target, ...row }: ChannelRow): Channel {
  return {
    id,
    site,
    kind,
    target,
    createdAt: row.created_at,
    unsubscribedAt: row.unsubscribed_at,
    hasDigest: row.has_digest,
    hasAlerts: row.has_alerts,
  }
}

/** @throws {RegistryError} if a site with these channels cannot get another one */
function refuseChannel(others: readonly Channel[], added: Pick<Channel, 'kind' | 'target'>): void {
  const same = others.find(({ kind, target }) => kind === added.kind && target === added.target)
  if (same?.unsubscribedAt != null) throw unsubscribed()
  if (same !== undefined) throw new RegistryError('channel-exists', 'The site has this channel already.')
  if (others.length >= maxChannels) {
    throw new RegistryError(
      'too-many-channels',
      `A site has at most ${maxChannels} channels: remove one first.`,
    )
  }
}

function unknownSite(): RegistryError {
  return new RegistryError('unknown-site', 'There is no such site.')
}

function unsubscribed(): RegistryError {
  return new RegistryError(
    'unsubscribed',
    'The receiver unsubscribed. It can subscribe again by the unsubscribe link of any earlier message.',
  )
}
