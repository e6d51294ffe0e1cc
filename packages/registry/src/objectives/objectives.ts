import type { SiteId } from '@peerpress/wire'
import type { Database } from '../engines/database.ts'
import { isSiteId } from '../sites/site-id.ts'

/** `availability`: the site answers, and views load what they request. `lcp`: views have a good largest contentful paint. */
export const objectiveKinds = ['availability', 'lcp'] as const
export type ObjectiveKind = (typeof objectiveKinds)[number]

/** An objective that a site chose. */
export interface ObjectiveRecord {
  readonly kind: ObjectiveKind
  /** Ratio 0-1 of good events. */
  readonly target: number
  readonly changedAt: Date
}

/** The objectives that sites chose instead of the defaults. */
export interface Objectives {
  of(site: SiteId): Promise<ObjectiveRecord[]>
  /** Records a target; null removes it, so that the default applies. Does nothing for an unknown site. */
  set(site: SiteId, kind: ObjectiveKind, target: number | null): Promise<void>
}

export function createObjectives(database: Database, now: () => number): Objectives {
  return {
    of: async (site) => {
      if (!isSiteId(site)) return []
      const rows = await database.query<Omit<ObjectiveRecord, 'changedAt'> & { readonly changed_at: Date }>(
        'select kind, target, changed_at from peerpress.objective where site = $1 order by kind',
        [site],
      )
      return rows.map(({ changed_at: changedAt, ...row }) => ({ ...row, changedAt }))
    },
    set: async (site, kind, target) => {
      if (!isSiteId(site)) return
      if (target === null) {
        await database.query('delete from peerpress.objective where site = $1 and kind = $2', [site, kind])
        return
      }
      await database.query(
        `insert into peerpress.objective (site, kind, target, changed_at)
         select $1, $2, $3, $4 where exists (select 1 from peerpress.site where id = $1)
         on conflict (site, kind) do update set target = excluded.target, changed_at = excluded.changed_at`,
        [site, kind, target, new Date(now())],
      )
    },
  }
}
