import { type AssetId, type PostId, postIdPattern, type SiteId } from '@peerpress/wire'
import type { Database, Sql } from '../engines/database.ts'
import { keysetPage, type KeysetQuery, newestFirst, type Placed } from '../keyset/keyset.ts'
import { createRecordId, isRecordId } from '../record-id.ts'
import { isSiteId } from '../sites/site-id.ts'

/** A post that its site shared, as its public page describes it. */
export interface SharedPost {
  /** The id of the submission. */
  readonly id: string
  readonly site: SiteId
  readonly post: PostId
  /** The member site that shared it. */
  readonly member: string
  readonly url: string
  /** Plain text, as all texts of it. */
  readonly title: string
  /** Empty if the page has none. */
  readonly summary: string
  /** ISO 639, in lower case; null if the page names none. */
  readonly language: string | null
  /** ISO 3166-1 alpha-2; null if the page names none. */
  readonly region: string | null
  readonly topics: readonly string[]
  /** A picture of the post that the mirror serves; null if it has none. */
  readonly picture: AssetId | null
  readonly sharedAt: Date
}

/** A shared post, and whether readers may see it now. */
export interface ListedPost extends SharedPost {
  /** False if the post was revoked, or if its site is no member any more. */
  readonly isPublic: boolean
}

/** The posts that sites shared. Changes with `sql` run in that transaction. */
export interface SharedPosts {
  /** Records a submission. Returns null if the site shared this post before, or if there is no such site. */
  add(post: Omit<SharedPost, 'sharedAt'>, sql?: Sql): Promise<SharedPost | null>
  get(id: string): Promise<ListedPost | null>
  /** Returns the posts with these ids, in their order. Unknown ones are missing. */
  list(ids: readonly string[]): Promise<ListedPost[]>
  /** Returns the submissions of a site, latest first, at most `limit`. */
  of(site: SiteId, limit: number): Promise<ListedPost[]>
  /** Returns a page of the submissions of a site, latest first. */
  page(site: SiteId, query: KeysetQuery): Promise<Placed<ListedPost>[]>
  find(site: SiteId, post: PostId): Promise<ListedPost | null>
  /** Removes what a site shared, when it leaves. Returns the ids. */
  removeOf(site: SiteId, sql?: Sql): Promise<string[]>
}

/** Draws the id of a submission. */
export const createSharedPostId = createRecordId

export function createSharedPosts(database: Database, now: () => number): SharedPosts {
  const find = async (rest: string, params: readonly unknown[]) =>
    (await database.query<SharedPostRow>(`${select} ${rest}`, params)).map(listedPostOf)
  return {
    add: async (given, sql = database) => {
      const { id, site, post, member, url, title, summary, language, region, topics, picture } = given
      const sharedAt = new Date(now())
      const rows = await sql.query(
        `insert into peerpress.shared_post
           (id, site, post, member, url, title, summary, language, region, topics, picture, shared_at)
         select $1, id, $3, $4, $5, $6, $7, $8, $9, $10::text::jsonb, $11, $12::timestamptz from peerpress.site where id = $2
         on conflict do nothing returning id`,
        [
          id,
          site,
          post,
          member,
          url,
          title,
          summary,
          language,
          region,
          JSON.stringify(topics),
          picture,
          sharedAt,
        ],
      )
      return rows.length === 0 ? null : { ...given, sharedAt }
    },
    get: async (id) => (isRecordId(id) ? ((await find('where s.id = $1', [id]))[0] ?? null) : null),
    list: async (ids) => {
      const found = await find('where s.id = any($1)', [ids.filter(isRecordId)])
      const byId = new Map(found.map((one) => [one.id, one]))
      return ids.flatMap((id) => byId.get(id) ?? [])
    },
    of: async (site, limit) =>
      isSiteId(site) ? find('where s.site = $1 order by s.shared_at desc, s.id limit $2', [site, limit]) : [],
    page: async (site, query) => {
      if (!isSiteId(site)) return []
      return keysetPage(
        database,
        {
          columns,
          from,
          where: 's.site = $1',
          params: [site],
          order: newestFirst('s.shared_at', 's.id'),
          read: listedPostOf,
        },
        query,
      )
    },
    find: async (site, post) => {
      if (!isSiteId(site) || !postIdPattern.test(post)) return null
      return (await find('where s.site = $1 and s.post = $2', [site, post]))[0] ?? null
    },
    removeOf: async (site, sql = database) => {
      if (!isSiteId(site)) return []
      const query = 'delete from peerpress.shared_post where site = $1 returning id'
      return (await sql.query<{ id: string }>(query, [site])).map(({ id }) => id)
    },
  }
}

const columns = `s.id, s.site, s.post, s.member, s.url, s.title, s.summary, s.language, s.region, s.topics, s.picture,
    s.shared_at, coalesce(not p.revoked, false) and m.member is not null as is_public`

const from = `peerpress.shared_post s
  left join peerpress.post p on p.site = s.site and p.post = s.post
  left join peerpress.member_site m on m.site = s.site and m.member = s.member`

const select = `select ${columns} from ${from}`

interface SharedPostRow extends Omit<ListedPost, 'sharedAt' | 'isPublic'> {
  readonly shared_at: Date
  readonly is_public: boolean
}

function listedPostOf({ shared_at, is_public, ...rest }: SharedPostRow): ListedPost {
  return { ...rest, sharedAt: shared_at, isPublic: is_public }
}
