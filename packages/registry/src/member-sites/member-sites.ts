import type { SiteId } from '@peerpress/wire'
import type { Database, Sql } from '../engines/database.ts'
import { isSiteId } from '../sites/site-id.ts'

/** A registered site that has proven its domain. */
export interface MemberSite {
  readonly site: SiteId
  /** The proven host: a registrable domain, or only a host below one. */
  readonly member: string
  /** The registrable domain of `member`. */
  readonly domain: string
  /** Member sites with the same skeleton look alike (UTS 39). */
  readonly skeleton: string
  /** How it was proven last. */
  readonly method: string
  /** When it was proven first, without an interruption since. */
  readonly joinedAt: Date
  /** When it was proven last. */
  readonly provenAt: Date
  /** When the last attempt ended, whether it succeeded or not. */
  readonly checkedAt: Date
  /** Why the last attempt failed; null if it succeeded. */
  readonly problem: string | null
}

export type MemberSiteInput = Pick<MemberSite, 'site' | 'member' | 'domain' | 'skeleton' | 'method'>

/** The sites that have proven their domains. Changes with `sql` run in that transaction. */
export interface MemberSites {
  get(site: SiteId): Promise<MemberSite | null>
  /** Returns the holder of a member site, or null. */
  find(member: string): Promise<MemberSite | null>
  /**
   * Records a proof. Another site that held the member site loses it, and a site that held another one loses that. Returns
   * null if there is no such site.
   */
  record(proof: MemberSiteInput, sql?: Sql): Promise<MemberSite | null>
  /** Records that an attempt to prove a member site again failed. */
  fail(site: SiteId, problem: string): Promise<void>
  /** Ends the membership of a site. Returns false if it was no member. */
  remove(site: SiteId, sql?: Sql): Promise<boolean>
  /** Returns the member sites that were proven before one time and not tried since another, the oldest proof first. */
  due(times: { readonly provenBefore: Date; readonly checkedBefore: Date }): Promise<MemberSite[]>
  /** Returns the other member sites that look like each of these, by member site. Those without one are missing. */
  lookAlikes(members: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>
}

export function createMemberSites(database: Database, now: () => number): MemberSites {
  const find = async (rest: string, params: readonly unknown[]) =>
    (await database.query<MemberSiteRow>(`select ${columns} from peerpress.member_site ${rest}`, params)).map(
      memberSiteOf,
    )
  return {
    get: async (site) => (isSiteId(site) ? ((await find('where site = $1', [site]))[0] ?? null) : null),
    find: async (member) =>
      isHost(member) ? ((await find('where member = $1', [member]))[0] ?? null) : null,
    record: async (proof, within) => {
      if (!isSiteId(proof.site)) return null
      const record = (sql: Sql) => recordProof(sql, proof, new Date(now()))
      return within === undefined ? database.transaction(record) : record(within)
    },
    fail: async (site, problem) => {
      await database.query('update peerpress.member_site set checked_at = $2, problem = $3 where site = $1', [
        site,
        new Date(now()),
        problem.replaceAll('\0', '').slice(0, 1000).toWellFormed(),
      ])
    },
    remove: async (site, sql = database) => {
      if (!isSiteId(site)) return false
      const query = 'delete from peerpress.member_site where site = $1 returning site'
      return (await sql.query(query, [site])).length > 0
    },
    due: ({ provenBefore, checkedBefore }) =>
      find('where proven_at < $1 and checked_at < $2 order by proven_at, site', [
        provenBefore,
        checkedBefore,
      ]),
    lookAlikes: async (members) => {
      const rows = await database.query<{ member: string; others: string[] }>(
        `select m.member, array_agg(other.member order by other.joined_at, other.member) as others
         from peerpress.member_site m
         join peerpress.member_site other on other.skeleton = m.skeleton and other.member <> m.member
         where m.member = any($1) group by m.member`,
        [members.filter(isHost)],
      )
      return new Map(rows.map(({ member, others }) => [member, others]))
    },
  }
}

const columns = 'site, member, domain, skeleton, method, joined_at, proven_at, checked_at, problem'

/** Postgres refuses U+0000. A host in punycode has none of the others either. */
function isHost(member: string): boolean {
  return /^[a-z0-9._-]{1,253}$/.test(member)
}

async function recordProof(sql: Sql, proof: MemberSiteInput, at: Date): Promise<MemberSite | null> {
  const { site, member, domain, skeleton, method } = proof
  const [known] = await sql.query('select id from peerpress.site where id = $1 for share', [site])
  if (known === undefined) return null
  await sql.query('delete from peerpress.member_site where member = $1 and site <> $2', [member, site])
  const rows = await sql.query<MemberSiteRow>(
    `insert into peerpress.member_site as known
       (site, member, domain, skeleton, method, joined_at, proven_at, checked_at)
     values ($1, $2, $3, $4, $5, $6, $6, $6)
     on conflict (site) do update set member = excluded.member, domain = excluded.domain,
       skeleton = excluded.skeleton, method = excluded.method, proven_at = excluded.proven_at,
       checked_at = excluded.checked_at, problem = null,
       joined_at = case when known.member = excluded.member then known.joined_at else excluded.joined_at end
     returning ${columns}`,
    [site, member, domain, skeleton, method, at],
  )
  return rows.map(memberSiteOf)[0] ?? null
}

interface MemberSiteRow extends Omit<MemberSite, 'joinedAt' | 'provenAt' | 'checkedAt'> {
  readonly joined_at: Date
  readonly proven_at: Date
  readonly checked_at: Date
}

function memberSiteOf({ joined_at, proven_at, checked_at, ...rest }: MemberSiteRow): MemberSite {
  return { ...rest, joinedAt: joined_at, provenAt: proven_at, checkedAt: checked_at }
}
