import type { PeerId, PostId, SiteId } from '@peerpress/wire'
import type { Database, Sql } from '../engines/database.ts'
import { keysetPage, type KeysetQuery, type Placed } from '../keyset/keyset.ts'
import { isSiteId } from '../sites/site-id.ts'

/** The part of a lent seed in one swarm, as its ticket states it. */
export interface LentSession {
  /** The seed's durable key. */
  readonly seed: PeerId
  /** The site and post of the swarm. */
  readonly site: SiteId
  readonly post: PostId
  /** The UTC day of the ticket, `YYYY-MM-DD`. Receipts of the session count in this day alone. */
  readonly epoch: string
  /** Of the ticket: 16 random bytes as base64url. */
  readonly nonce: string
}

/** A receipt for what a lent seed gave. Its signature was verified. */
export interface LentReceipt extends LentSession {
  /** The key of the seed in the swarm. It joined with the session's ticket. */
  readonly giver: PeerId
  /** The key of the peer that signed. */
  readonly taker: PeerId
  /** A keyed hash of the taker's network that differs between epochs and seeds. */
  readonly network: string
  /** Total bytes from the giver so far. */
  readonly bytes: number
}

/** What a seed gave a site in one UTC day. */
export interface LentDay {
  /** `YYYY-MM-DD` */
  readonly day: string
  readonly seed: PeerId
  readonly site: SiteId
  /** The site that gets the credit. */
  readonly owner: SiteId
  /** ISO 3166-1 alpha-2 country of the seed. */
  readonly country: string
  /** Bytes that readers signed for. */
  readonly bytes: number
  /** The bytes that count: at most {@link maxCreditPerNetwork} from each network. */
  readonly credited: number
  /** Networks with a receipt. */
  readonly networks: number
}

/** Bytes that one network can add to a seed's credit in a day. */
export const maxCreditPerNetwork = 2 * 1024 ** 3

/** ms after the end of an epoch in which its receipts are still accepted. */
const epochGraceMs = 2 * 3_600_000
const dayMs = 86_400_000
/** How long a peer's key is remembered, ms. It outlives every line to a tracker. */
const peerMemoryMs = 30 * dayMs
/** How long a nonce is remembered, ms: twice the accepted skew and more. */
const nonceMemoryMs = 3_600_000
/** Bytes that one receipt can state: what 10 Gbit/s carry in a day. Greater ones are cut. */
const maxReceiptBytes = 2 ** 47

/** Receipts for what lent seeds gave. */
export interface Receipts {
  /** Records that a peer joined as a lent seed. Returns false if the key has joined with another session's epoch or swarm. */
  join(peer: PeerId, session: LentSession): Promise<boolean>
  /** Returns the session that a peer first joined with, or null. */
  sessionOf(peer: PeerId): Promise<LentSession | null>
  /**
   * Records receipts in one transaction. A receipt replaces a smaller one of the same two peers, so each byte counts once.
   * Dropped: receipts of a closed epoch or a future one, and of a giver that joined as another seed, in another swarm or epoch.
   */
  record(receipts: readonly LentReceipt[]): Promise<void>
  /** Returns the bytes that a seed gave a site in an epoch that is not closed. */
  given(epoch: string, seed: PeerId, site: SiteId): Promise<number>
  /**
   * Closes the earliest epoch that has receipts and is over, within a transaction: replaces its receipts by totals. Returns the
   * totals; null if there is no such epoch.
   */
  closeEpoch(sql: Sql): Promise<readonly LentDay[] | null>
  /**
   * Returns a page of the daily totals that a site gave or got, latest first, of the last `days`. Open epochs are included.
   */
  days(
    of: { readonly owner: SiteId } | { readonly site: SiteId },
    days: number,
    query: KeysetQuery,
  ): Promise<Placed<LentDay>[]>
  /**
   * Returns the credit of sites, bytes: what their seeds gave sites of other owners, halved for every 30 days since. Sites
   * without credit are left out.
   */
  credits(): Promise<ReadonlyMap<SiteId, number>>
}

/** Returns the epoch of a moment, its UTC day. `now`: ms since the Unix epoch. */
export function epochOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10)
}

/** Whether receipts of an epoch are accepted: from its beginning to two hours after its end. */
function isOpenEpoch(epoch: string, now: number): boolean {
  return epoch <= epochOf(now) && epoch >= epochOf(now - epochGraceMs)
}

export function createReceipts(database: Database, now: () => number): Receipts {
  return {
    join: (peer, session) => database.transaction((sql) => recordPeer(sql, { peer, session, now: now() })),
    sessionOf: async (peer) => {
      const [row] = await database.query<LentSession>(
        `select seed, site, post, epoch::text as epoch, nonce from peerpress.lent_peer where peer = $1`,
        [peer],
      )
      return row ?? null
    },
    record: async (receipts) => {
      const open = receipts.filter(({ epoch }) => isOpenEpoch(epoch, now()))
      if (open.length > 0) await database.transaction((sql) => recordReceipts(sql, open, now()))
    },
    given: async (epoch, seed, site) => {
      const [row] = await database.query<{ bytes: string | number }>(
        `select coalesce(sum(bytes), 0)::float8 as bytes from peerpress.lent_receipt
         where epoch = $1::text::date and seed = $2 and site = $3`,
        [epoch, seed, site],
      )
      return Number(row?.bytes ?? 0)
    },
    closeEpoch: (sql) => closeEpoch(sql, now()),
    days: async (of, days, query) => {
      const [column, id] = 'owner' in of ? ['owner', of.owner] : ['site', of.site]
      if (!isSiteId(id)) return []
      const from = epochOf(now() - days * dayMs)
      return keysetPage(
        database,
        {
          columns: dayColumns,
          from: `(select * from peerpress.lent_day union all (${openDays})) totals`,
          where: `${column} = $2 and day >= $3::text::date`,
          params: [maxCreditPerNetwork, id, from],
          order: [
            ['totals.day', 'day'],
            ['seed', 'text'],
            ['site', 'text'],
          ],
          read: dayOf,
        },
        query,
      )
    },
    credits: async () => {
      const rows = await database.query<{ owner: SiteId; credit: number }>(
        `select owner, sum(credited * power(0.5, ($1::text::date - day) / 30.0))::float8 as credit
         from peerpress.lent_day where owner <> site group by owner having sum(credited) > 0`,
        [epochOf(now())],
      )
      return new Map(rows.map(({ owner, credit }) => [owner, credit]))
    },
  }
}

async function recordPeer(
  sql: Sql,
  { peer, session, now }: { readonly peer: PeerId; readonly session: LentSession; readonly now: number },
): Promise<boolean> {
  const { seed, site, post, epoch, nonce } = session
  await sql.query(
    `insert into peerpress.lent_peer (peer, seed, site, post, epoch, nonce, joined_at)
     values ($1, $2, $3, $4, $5::text::date, $6, $7) on conflict do nothing`,
    [peer, seed, site, post, epoch, nonce, new Date(now)],
  )
  const known = await sql.query(
    `select 1 from peerpress.lent_peer
     where peer = $1 and seed = $2 and site = $3 and post = $4 and epoch = $5::text::date`,
    [peer, seed, site, post, epoch],
  )
  return known.length > 0
}

async function recordReceipts(sql: Sql, receipts: readonly LentReceipt[], now: number): Promise<void> {
  const rows = receipts.map((receipt) => ({ ...receipt, bytes: Math.min(receipt.bytes, maxReceiptBytes) }))
  await sql.query(
    `insert into peerpress.lent_peer (peer, seed, site, post, epoch, nonce, joined_at)
     select distinct on (giver) giver, seed, site, post, epoch, nonce, $2::timestamptz
     from jsonb_to_recordset($1::text::jsonb) as r
       (giver text, seed text, site text, post text, epoch date, nonce text)
     order by giver on conflict do nothing`,
    [JSON.stringify(rows), new Date(now)],
  )
  // One statement changes a row once at most, so the greatest of a batch is chosen first.
  await sql.query(
    `insert into peerpress.lent_receipt as known (epoch, giver, taker, seed, site, network, bytes)
     select distinct on (r.epoch, r.giver, r.taker) r.epoch, r.giver, r.taker, r.seed, r.site, r.network, r.bytes
     from jsonb_to_recordset($1::text::jsonb) as r
       (epoch date, giver text, taker text, seed text, site text, post text, network text, bytes bigint)
     join peerpress.lent_peer p on p.peer = r.giver and p.seed = r.seed and p.site = r.site
       and p.post = r.post and p.epoch = r.epoch
     order by r.epoch, r.giver, r.taker, r.bytes desc
     on conflict (epoch, giver, taker) do update set bytes = excluded.bytes
     where known.bytes < excluded.bytes`,
    [JSON.stringify(rows)],
  )
}

/** Totals by day, seed and site. `$1`: bytes that count from one network; those of several sites share them. */
const openDays = `
select by_network.epoch as day, by_network.seed, by_network.site, o.owner, o.country,
  sum(by_network.bytes)::bigint as bytes,
  sum(floor(by_network.bytes * least(1, $1::float8 / by_network.of_network)))::bigint as credited,
  count(*)::int as networks
from (
  select epoch, seed, site, network, sum(bytes)::float8 as bytes,
    (sum(sum(bytes)) over (partition by epoch, seed, network))::float8 as of_network
  from peerpress.lent_receipt group by epoch, seed, site, network
) by_network
join peerpress.lending_offer o on o.seed = by_network.seed
group by 1, 2, 3, 4, 5`

async function closeEpoch(sql: Sql, now: number): Promise<readonly LentDay[] | null> {
  // Two servers never close one epoch twice, and no receipt is recorded meanwhile.
  await sql.query('lock table peerpress.lent_receipt in exclusive mode')
  const [first] = await sql.query<{ epoch: string | null }>(
    'select min(epoch)::text as epoch from peerpress.lent_receipt where epoch < $1::text::date',
    [epochOf(now - epochGraceMs)],
  )
  if (first?.epoch == null) return null
  const rows = await sql.query<DayRow>(
    `insert into peerpress.lent_day (day, seed, site, owner, country, bytes, credited, networks)
     select day, seed, site, owner, country, bytes, credited, networks from (${openDays}) totals
     where day = $2::text::date on conflict do nothing returning ${dayColumns}`,
    [maxCreditPerNetwork, first.epoch],
  )
  await sql.query('delete from peerpress.lent_receipt where epoch = $1::text::date', [first.epoch])
  return rows.map(dayOf)
}

export async function forgetLent(sql: Sql, now: number): Promise<void> {
  await sql.query('delete from peerpress.lent_nonce where used_at < $1', [new Date(now - nonceMemoryMs)])
  await sql.query('delete from peerpress.lent_peer where joined_at < $1', [new Date(now - peerMemoryMs)])
}

const dayColumns = 'day::text as day, seed, site, owner, country, bytes, credited, networks'

type DayRow = Omit<LentDay, 'bytes' | 'credited'> & {
  readonly bytes: string | number
  readonly credited: string | number
}

function dayOf({ bytes, credited, ...row }: DayRow): LentDay {
  return { ...row, bytes: Number(bytes), credited: Number(credited) }
}
