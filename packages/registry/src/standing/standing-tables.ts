import type { Sql } from '../engines/database.ts'
import { putPosts } from './put-posts.ts'
import { replaceStanding } from './replace-standing.ts'
import {
  type Affinity,
  type MemberNorms,
  memberSelection,
  type MemberStanding,
  postSelection,
  type PostStanding,
  type StandingHead,
  type VoteStanding,
  type WholeStanding,
} from './standing-records.ts'

/** Tables that follow from the ledger, within the transaction that appends to it. */
export interface StandingTables {
  head(): Promise<StandingHead>
  setHead(head: StandingHead): Promise<void>
  member(member: string): Promise<MemberStanding | null>
  /** Inserts a member site or replaces its standing. Its votes and their norms stay. */
  putMember(member: MemberStanding): Promise<void>
  /** Replaces the facts by which a member site is in a cluster. */
  setFacts(member: string, facts: readonly string[]): Promise<void>
  /** Whether a chain of shared facts connects two member sites. */
  areClustered(a: string, b: string): Promise<boolean>
  post(submission: string): Promise<PostStanding | null>
  putPosts(posts: readonly PostStanding[]): Promise<void>
  /** Shows a member site's posts that are not hidden, or none of its posts. */
  showPosts(member: string, areShown: boolean): Promise<void>
  vote(submission: string, member: string): Promise<VoteStanding | null>
  putVote(vote: VoteStanding): Promise<void>
  removeVote(submission: string, member: string): Promise<void>
  /** Returns the posts that a member site voted on, with its votes. */
  votedPosts(member: string): Promise<{ readonly post: PostStanding; readonly vote: VoteStanding }[]>
  /** Adds to the norms of a member site. */
  addNorms(member: string, change: MemberNorms): Promise<void>
  /** Adds to the norms of everybody who voted so on a submission. */
  addVoterNorms(submission: string, value: 1 | -1, change: number): Promise<void>
  norms(member: string): Promise<MemberNorms>
  /** Returns what a member site has in common with each that voted so on a submission and has another vote in common with it. */
  affinities(vote: Pick<VoteStanding, 'submission' | 'member' | 'value'>): Promise<Affinity[]>
  /** Returns the times of a member site's last votes in the ledger, the latest first, epoch ms; not of withdrawals. */
  voteTimes(member: string, limit: number): Promise<number[]>
  /** Sums of the weights of all votes on visible posts, millionths. */
  totals(): Promise<{ readonly up: number; readonly down: number }>
  /** Replaces all of it. */
  replace(whole: WholeStanding): Promise<void>
}

export function createStandingTables(sql: Sql): StandingTables {
  const one = async <Row>(text: string, params: readonly unknown[]): Promise<Row | null> =>
    (await sql.query<Row>(text, params))[0] ?? null
  return {
    head: async () => (await readHead(sql)) ?? { seq: 0, beganAt: null, mean: 0 },
    setHead: ({ seq, beganAt, mean }) => run(sql, writeHead, [seq, beganAt, mean]),
    member: (member) =>
      one(`select ${memberSelection} from peerpress.standing_member where member = $1`, [member]),
    putMember: ({ member, site, since, provenAt, hasLeft, isBanned }) =>
      run(
        sql,
        `insert into peerpress.standing_member (member, site, since, proven_at, has_left, is_banned)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (member) do update set site = $2, since = $3, proven_at = $4, has_left = $5, is_banned = $6`,
        [member, site, since, provenAt, hasLeft, isBanned],
      ),
    setFacts: async (member, facts) => {
      await sql.query('delete from peerpress.standing_fact where member = $1', [member])
      await sql.query(
        `insert into peerpress.standing_fact (fact, member) select distinct fact, $1 from unnest($2::text[]) fact`,
        [member, facts],
      )
    },
    areClustered: async (a, b) => a === b || (await one(connected, [a, b])) !== null,
    post: (submission) =>
      one(`select ${postSelection} from peerpress.standing_post where submission = $1`, [submission]),
    putPosts: (posts) => putPosts(sql, posts),
    showPosts: (member, areShown) =>
      run(
        sql,
        `update peerpress.standing_post set is_visible = $2 and not is_hidden
         where member = $1 and is_visible <> ($2 and not is_hidden)`,
        [member, areShown],
      ),
    vote: (submission, member) =>
      one(`select ${voteSelection} from peerpress.standing_vote where submission = $1 and member = $2`, [
        submission,
        member,
      ]),
    putVote: ({ submission, member, value, weight, seq, reason }) =>
      run(
        sql,
        `insert into peerpress.standing_vote (submission, member, value, weight, seq, reason)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (submission, member) do update set value = $3, weight = $4, seq = $5, reason = $6`,
        [submission, member, value, weight, seq, reason],
      ),
    removeVote: (submission, member) =>
      run(sql, 'delete from peerpress.standing_vote where submission = $1 and member = $2', [
        submission,
        member,
      ]),
    votedPosts: async (member) => {
      const rows = await sql.query<PostStanding & { readonly vote: VoteStanding }>(
        `select ${postSelection}, given.vote from (
           select submission as id, json_build_object('submission', submission, 'member', member, 'value', value,
             'weight', weight, 'seq', seq, 'reason', reason) as vote
           from peerpress.standing_vote where member = $1) given
         join peerpress.standing_post on submission = given.id`,
        [member],
      )
      return rows.map(({ vote, ...post }) => ({ post, vote }))
    },
    addNorms: (member, { up, down }) =>
      run(
        sql,
        `update peerpress.standing_member set up_norm = up_norm + $2, down_norm = down_norm + $3 where member = $1`,
        [member, up, down],
      ),
    addVoterNorms: (submission, value, change) =>
      run(
        sql,
        `update peerpress.standing_member set up_norm = up_norm + $3, down_norm = down_norm + $4
         where member in (select member from peerpress.standing_vote where submission = $1 and value = $2)`,
        [submission, value, value === 1 ? change : 0, value === 1 ? 0 : change],
      ),
    norms: async (member) =>
      (await one<MemberNorms>(
        `select up_norm::double precision as up, down_norm::double precision as down
         from peerpress.standing_member where member = $1`,
        [member],
      )) ?? { up: 0, down: 0 },
    affinities: ({ submission, member, value }) => sql.query(affinitiesSql, [submission, member, value]),
    voteTimes: async (member, limit) => {
      const rows = await sql.query<{ at: number }>(
        `select at::double precision as at from peerpress.ledger where member = $1 and kind = 'vote' and body->>'value' <> 'none'
         order by seq desc limit $2`,
        [member, limit],
      )
      return rows.map(({ at }) => at)
    },
    totals: async () =>
      (await one<{ up: number; down: number }>(
        `select coalesce(sum(up), 0)::double precision as up, coalesce(sum(down), 0)::double precision as down
         from peerpress.standing_post where is_visible`,
        [],
      )) ?? { up: 0, down: 0 },
    replace: (whole) => replaceStanding(sql, whole),
  }
}

/** Returns how far the standing follows the ledger; null before its first row. */
export async function readHead(sql: Sql): Promise<StandingHead | null> {
  const [row] = await sql.query<StandingHead>(
    `select seq::double precision as seq, began_at::double precision as "beganAt", mean from peerpress.standing_head`,
  )
  return row ?? null
}

const writeHead = `insert into peerpress.standing_head (id, seq, began_at, mean) values (1, $1, $2, $3)
on conflict (id) do update set seq = $1, began_at = $2, mean = $3`

const voteSelection = 'submission, member, value, weight, seq::double precision as seq, reason'

/** Each member site and each fact is visited once: a cluster of n member sites takes about n steps. */
const connected = `
with recursive reached (is_member, name) as (
  select true, $1::text
  union
  select next.is_member, next.name from reached cross join lateral (
    select false as is_member, fact as name from peerpress.standing_fact
    where reached.is_member and member = reached.name
    union all
    select true, member from peerpress.standing_fact where not reached.is_member and fact = reached.name
  ) next
)
select 1 from reached where is_member and name = $2 limit 1`

/** The voters of the submission are few and are found first; their other votes in common are looked up in the index. */
const affinitiesSql = `
with voter as materialized (
  select member from peerpress.standing_vote where submission = $1 and value = $3 and member <> $2
), mine as materialized (
  select p.submission, case when $3 = 1 then p.up_rarity else p.down_rarity end as rarity from peerpress.standing_vote v
  join peerpress.standing_post p on p.submission = v.submission
  where v.member = $2 and v.value = $3 and v.submission <> $1
), shared as (
  select other.member, sum(mine.rarity) as common from mine
  join peerpress.standing_vote other on other.submission = mine.submission and other.value = $3
  join voter on voter.member = other.member
  group by other.member
)
select shared.member, shared.common::double precision as common,
  (case when $3 = 1 then m.up_norm else m.down_norm end)::double precision as norm
from shared join peerpress.standing_member m on m.member = shared.member`

async function run(sql: Sql, text: string, params: readonly unknown[]): Promise<void> {
  await sql.query(text, params)
}
