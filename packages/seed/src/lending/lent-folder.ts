import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AssignedPost, PostId, SiteId } from '@peerpress/wire'
import writeFileAtomic from 'write-file-atomic'
import type { PostConfig } from '../published-post.ts'
import { SeedError } from '../seed-error.ts'

const recordFile = 'lent.json'

/** A post that a seed stores for a site. */
export interface LentRecord extends AssignedPost {
  /** ms since the Unix epoch. Without word from the server the post is deleted then. */
  readonly leaseEnds: number
  /** The configuration in the post's page, for when the origin is down; null before it was read. */
  readonly config: PostConfig | null
}

interface Recorded {
  readonly posts: readonly LentRecord[]
  /** Bytes sent in a UTC day, by site. */
  readonly sent: { readonly day: string; readonly sites: Readonly<Record<SiteId, number>> }
}

/** The folder of a lent seed: a record of its posts with their leases, and one folder of chunks for each post. */
export class LentFolder {
  readonly #directory: string
  readonly #posts = new Map<string, LentRecord>()
  readonly #sent = new Map<SiteId, number>()
  #day = ''
  #writing: Promise<void> = Promise.resolve()

  private constructor(directory: string) {
    this.#directory = directory
  }

  /**
   * Opens the folder. Posts whose lease has ended are deleted first, and chunks that no record names.
   * @throws {SeedError} `disk`
   */
  static async open(directory: string, now: number): Promise<LentFolder> {
    const folder = new LentFolder(directory)
    try {
      await mkdir(join(directory, 'posts'), { recursive: true, mode: 0o700 })
      const recorded = await readRecord(join(directory, recordFile))
      for (const post of recorded?.posts ?? []) {
        if (post.leaseEnds > now) folder.#posts.set(keyOf(post), post)
      }
      folder.#day = recorded?.sent.day ?? ''
      for (const [site, bytes] of Object.entries(recorded?.sent.sites ?? {})) folder.#sent.set(site, bytes)
      await folder.#removeUnnamed()
      await folder.save()
    } catch (cause) {
      throw new SeedError('disk', `${directory} cannot be used: ${(cause as Error).message}`, { cause })
    }
    return folder
  }

  get posts(): readonly LentRecord[] {
    return [...this.#posts.values()]
  }

  /** The folder of a post's chunks. */
  directoryOf({ site, post }: Pick<AssignedPost, 'site' | 'post'>): string {
    return join(this.#directory, 'posts', site, post)
  }

  set(post: LentRecord): void {
    this.#posts.set(keyOf(post), post)
  }

  get(site: SiteId, post: PostId): LentRecord | undefined {
    return this.#posts.get(keyOf({ site, post }))
  }

  /** Deletes a post with its chunks. Resolves when they are gone. */
  async remove(post: Pick<AssignedPost, 'site' | 'post'>): Promise<void> {
    this.#posts.delete(keyOf(post))
    await rm(this.directoryOf(post), { recursive: true, force: true })
    await this.save()
  }

  /** Adds bytes that were sent in a UTC day. */
  addSent(day: string, site: SiteId, bytes: number): void {
    this.#turn(day)
    this.#sent.set(site, (this.#sent.get(site) ?? 0) + bytes)
  }

  /** Returns the bytes that were sent for a site, or for all, in a UTC day. */
  sentOn(day: string, site?: SiteId): number {
    this.#turn(day)
    if (site !== undefined) return this.#sent.get(site) ?? 0
    return [...this.#sent.values()].reduce((sum, bytes) => sum + bytes, 0)
  }

  /** Writes the record, whole or not at all. */
  async save(): Promise<void> {
    this.#writing = this.#writing
      .catch(() => undefined)
      .then(() => {
        const sent = { day: this.#day, sites: Object.fromEntries(this.#sent) }
        const text = JSON.stringify({ posts: this.posts, sent } satisfies Recorded)
        return writeFileAtomic(join(this.#directory, recordFile), text, { mode: 0o600 })
      })
    await this.#writing
  }

  #turn(day: string): void {
    if (day === this.#day) return
    this.#day = day
    this.#sent.clear()
  }

  async #removeUnnamed(): Promise<void> {
    const root = join(this.#directory, 'posts')
    for (const site of await readdir(root)) {
      for (const post of await readdir(join(root, site))) {
        if (!this.#posts.has(keyOf({ site, post }))) {
          await rm(join(root, site, post), { recursive: true, force: true })
        }
      }
    }
  }
}

/** A record that is damaged is none: its posts are deleted and assigned again. */
async function readRecord(path: string): Promise<Recorded | null> {
  try {
    const { posts, sent } = JSON.parse(await readFile(path, 'utf8')) as Recorded
    return Array.isArray(posts) && typeof sent.day === 'string' ? { posts, sent } : null
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return null
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function keyOf({ site, post }: { readonly site: SiteId; readonly post: PostId }): string {
  return `${site}/${post}`
}
