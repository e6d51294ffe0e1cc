import type { SiteId } from '@peerpress/wire'
import type { Database } from '../engines/database.ts'
import { createRecordId, isRecordId } from '../record-id.ts'
import { RegistryError } from '../registry-error.ts'
import { isSiteId } from '../sites/site-id.ts'
import type { EvidenceItem } from './evidence-item.ts'
import { insertItems } from './evidence.ts'

/** `text`: notes in words. `table`: rows of a CSV file. */
export const uploadKinds = ['text', 'table'] as const
export type UploadKind = (typeof uploadKinds)[number]

/** A file that an owner uploaded as evidence. */
export interface Upload {
  readonly id: string
  readonly site: SiteId
  /** The file's name, for people. */
  readonly name: string
  readonly kind: UploadKind
  readonly uploadedAt: Date
  /** Name of the person who uploaded it; null if a program did. */
  readonly uploadedBy: string | null
  /** Items of evidence that it became. */
  readonly items: number
}

/** An upload with its items. */
export interface UploadInput {
  readonly site: SiteId
  readonly name: string
  readonly kind: UploadKind
  readonly uploadedBy: string | null
  readonly items: readonly EvidenceItem[]
}

/** What owners uploaded as evidence. */
export interface Uploads {
  /**
   * Stores an upload and its items. An item that another upload has stays that one's.
   * @throws {RegistryError} `unknown-site`; `too-many-uploads` beyond {@link maxUploads} or {@link maxUploadItems}
   */
  add(upload: UploadInput): Promise<Upload>
  /** Returns a site's uploads, the newest first. */
  list(site: SiteId): Promise<Upload[]>
  /** Removes an upload and its items. Returns it, or null if there is none. */
  remove(site: SiteId, id: string): Promise<Upload | null>
}

/** Maximum number of a site's uploads, and of items of all of them. */
export const maxUploads = 100
export const maxUploadItems = 2000

export function createUploads(database: Database, now: () => number): Uploads {
  const find = async (rest: string, params: readonly unknown[]): Promise<Upload[]> =>
    (await database.query<UploadRow>(`${select} ${rest}`, params)).map(uploadOf)
  return {
    add: async ({ site, name, kind, uploadedBy, items }) => {
      const id = createRecordId()
      if (!isSiteId(site)) throw unknownSite()
      await database.transaction(async (sql) => {
        // The lock makes two uploads at once count each other.
        const [known] = await sql.query('select id from peerpress.site where id = $1 for update', [site])
        if (known === undefined) throw unknownSite()
        const [count] = await sql.query<{ uploads: number; items: number }>(
          `select (select count(*)::int from peerpress.upload where site = $1) as uploads,
             (select count(*)::int from peerpress.evidence where site = $1 and upload is not null) as items`,
          [site],
        )
        const { uploads = 0, items: before = 0 } = count ?? {}
        if (uploads >= maxUploads || before + items.length > maxUploadItems) {
          throw new RegistryError(
            'too-many-uploads',
            `A site has up to ${maxUploads} uploads with ${maxUploadItems} items together. Remove one first.`,
          )
        }
        const at = new Date(now())
        await sql.query(
          `insert into peerpress.upload (site, id, name, kind, uploaded_at, uploaded_by)
           values ($1, $2, $3, $4, $5, $6)`,
          [site, id, name, kind, at, uploadedBy],
        )
        await insertItems(sql, { site, items, at, upload: id })
      })
      const [added] = await find('where u.site = $1 and u.id = $2', [site, id])
      if (added === undefined) throw unknownSite()
      return added
    },
    list: async (site) =>
      isSiteId(site) ? find('where u.site = $1 order by u.uploaded_at desc, u.id', [site]) : [],
    remove: async (site, id) => {
      if (!isSiteId(site) || !isRecordId(id)) return null
      const [found] = await find('where u.site = $1 and u.id = $2', [site, id])
      await database.query('delete from peerpress.upload where site = $1 and id = $2', [site, id])
      return found ?? null
    },
  }
}

const select = `select u.id, u.site, u.name, u.kind, u.uploaded_at, u.uploaded_by, (select count(*)::int
  from peerpress.evidence e where e.site = u.site and e.upload = u.id) as items from peerpress.upload u`

interface UploadRow extends Omit<Upload, 'uploadedAt' | 'uploadedBy'> {
  readonly uploaded_at: Date
  readonly uploaded_by: string | null
}

function uploadOf({ uploaded_at, uploaded_by, ...rest }: UploadRow): Upload {
  return { ...rest, uploadedAt: uploaded_at, uploadedBy: uploaded_by }
}

function unknownSite(): RegistryError {
  return new RegistryError('unknown-site', 'There is no such site.')
}
