import type { Sql } from '../engines/database.ts'
import { postColumns, postFieldList, postRecord, type PostStanding } from './standing-records.ts'

/** Inserts posts, or replaces what votes, factors and decisions change of them. */
export async function putPosts(sql: Sql, posts: readonly PostStanding[]): Promise<void> {
  if (posts.length === 0) return
  await sql.query(
    `insert into peerpress.standing_post (${postColumns})
     select ${postFieldList} from jsonb_to_recordset($1::text::jsonb) as new (${postRecord})
     on conflict (submission) do update set up = excluded.up, down = excluded.down, up_votes = excluded.up_votes,
       down_votes = excluded.down_votes, up_given = excluded.up_given, down_given = excluded.down_given,
       up_rarity = excluded.up_rarity, down_rarity = excluded.down_rarity, factor = excluded.factor, is_hidden = excluded.is_hidden,
       is_visible = excluded.is_visible, hot = excluded.hot`,
    [JSON.stringify(posts)],
  )
}
