import type { SiteId } from '@peerpress/wire'
import type { Database } from '../engines/database.ts'
import { createRecordId, isRecordId } from '../record-id.ts'
import { isSiteId } from '../sites/site-id.ts'

/** A page of a site's reports with its range and filters, which an account has given a name. */
export interface SavedView {
  readonly id: string
  readonly name: string
  /** The page and query within the site, such as `regions?range=week`. */
  readonly path: string
  readonly createdAt: Date
}

/** Maximum number of an account's views of one site. */
const maxSavedViews = 100

/** The saved views of accounts. Each account has its own. */
export interface SavedViews {
  /** Returns the views that an account saved of a site, by name. */
  of(key: SavedViewOwner): Promise<SavedView[]>
  /** Saves a view. One with the same name is replaced. Returns null if the account has too many of this site. */
  save(key: SavedViewOwner, view: Pick<SavedView, 'name' | 'path'>): Promise<SavedView | null>
  /** Returns false if the account has no such view of this site. */
  remove(key: SavedViewOwner, id: string): Promise<boolean>
}

export interface SavedViewOwner {
  readonly site: SiteId
  readonly account: string
}

export function createSavedViews(database: Database, now: () => number): SavedViews {
  const find = async ({ site, account }: SavedViewOwner): Promise<SavedView[]> => {
    const rows = await database.query<Omit<SavedView, 'createdAt'> & { created_at: Date }>(
      `select id, name, path, created_at from peerpress.saved_view
       where site = $1 and account = $2 order by name, id`,
      [site, account],
    )
    return rows.map(({ id, name, path, created_at: createdAt }) => ({ id, name, path, createdAt }))
  }
  return {
    of: async (owner) => (isSiteId(owner.site) && isRecordId(owner.account) ? find(owner) : []),
    save: async (owner, { name, path }) => {
      const existing = await find(owner)
      if (existing.length >= maxSavedViews && !existing.some((view) => view.name === name)) return null
      await database.query(
        `insert into peerpress.saved_view (id, site, account, name, path, created_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (site, account, name) do update set path = excluded.path`,
        [createRecordId(), owner.site, owner.account, name, path, new Date(now())],
      )
      return (await find(owner)).find((view) => view.name === name) ?? null
    },
    remove: async ({ site, account }, id) => {
      if (!isSiteId(site) || !isRecordId(id)) return false
      const removed = await database.query(
        'delete from peerpress.saved_view where id = $1 and site = $2 and account = $3 returning id',
        [id, site, account],
      )
      return removed.length > 0
    },
  }
}
