import type { Sql } from '../engines/database.ts'
import { putPosts } from './put-posts.ts'
import type { VoteStanding, WholeStanding } from './standing-records.ts'

/** Rows per insert. */
const rowsAtOnce = 2000

/** Replaces all tables of the standing. Numbers in SQL have the types of their columns. */
export async function replaceStanding(
  sql: Sql,
  { head, members, posts, votes }: WholeStanding,
): Promise<void> {
  for (const table of ['head', 'member', 'fact', 'post', 'vote']) {
    await sql.query(`delete from peerpress.standing_${table}`)
  }
  await sql.query('insert into peerpress.standing_head (id, seq, began_at, mean) values (1, $1, $2, $3)', [
    head.seq,
    head.beganAt,
    head.mean,
  ])
  for (const batch of batchesOf(members)) {
    await sql.query(
      `insert into peerpress.standing_member (member, site, since, proven_at, has_left, is_banned, up_norm, down_norm)
       select "member", "site", "since", "provenAt", "hasLeft", "isBanned", (norms->>'up')::bigint,
         (norms->>'down')::bigint
       from jsonb_to_recordset($1::text::jsonb) as new ("member" text, "site" text, "since" bigint, "provenAt" bigint,
         "hasLeft" boolean, "isBanned" boolean, "norms" jsonb)`,
      [JSON.stringify(batch)],
    )
    await sql.query(
      `insert into peerpress.standing_fact (fact, member) select distinct fact, member
       from jsonb_to_recordset($1::text::jsonb) as new (member text, facts jsonb),
         jsonb_array_elements_text(facts) fact`,
      [JSON.stringify(batch)],
    )
  }
  for (const batch of batchesOf(posts)) await putPosts(sql, batch)
  for (const batch of batchesOf<VoteStanding>(votes)) {
    await sql.query(
      `insert into peerpress.standing_vote (submission, member, value, weight, seq, reason)
       select submission, member, value, weight, seq, reason from jsonb_to_recordset($1::text::jsonb) as new
         (submission text, member text, value smallint, weight integer, seq bigint, reason text)`,
      [JSON.stringify(batch)],
    )
  }
  // Without statistics of the new rows, the planner sorts all posts of a region instead of reading the first ones of an index.
  for (const table of ['member', 'post', 'vote']) await sql.query(`analyze peerpress.standing_${table}`)
}

function* batchesOf<Item>(items: Iterable<Item>): Generator<Item[]> {
  let batch: Item[] = []
  for (const item of items) {
    batch.push(item)
    if (batch.length < rowsAtOnce) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
