import { join } from 'node:path'
import { type PublishedPost, signedPayload } from '@peerpress/peer'
import { type AssignedPost, decodeGrant, type Grant, grantPayloadType, type PeerId } from '@peerpress/wire'
import { deleteOtherChunks } from '../chunk-disk.ts'
import type { Guard } from '../guard.ts'
import { type Part, type SeedState, takePart } from '../part.ts'
import { changeOf, fetchPost, type PostConfig, readPostConfig } from '../published-post.ts'
import { SeedError } from '../seed-error.ts'
import { namesOf } from '../seed-store.ts'
import type { Fetch } from './guarded-fetch.ts'

/** What a lent post needs. */
export interface LentPostOptions {
  readonly seed: PeerId
  /** Origin of the community's server: manifest, tracker and mirror are there, whatever the page names. */
  readonly server: string
  readonly assigned: AssignedPost
  /** Folder of its chunks. */
  readonly directory: string
  /** The configuration that was read earlier, used when the page cannot be read; null: none. */
  readonly config: PostConfig | null
  readonly fetch: Fetch
  readonly fetchTicket: () => Promise<string | null>
  readonly guard: Guard
  /** ms since the Unix epoch */
  readonly now: () => number
  readonly onChange: () => void
}

/** A post of another site that this seed serves. */
export class LentPost {
  readonly config: PostConfig
  readonly grant: Grant
  readonly #options: LentPostOptions
  #post: PublishedPost
  #part: Part | null
  /** Bytes that ended parts have sent and received. */
  #before = { sent: 0, received: 0 }

  private constructor(
    options: LentPostOptions,
    begun: {
      readonly config: PostConfig
      readonly grant: Grant
      readonly post: PublishedPost
      readonly part: Part
    },
  ) {
    this.#options = options
    this.config = begun.config
    this.grant = begun.grant
    this.#post = begun.post
    this.#part = begun.part
  }

  /**
   * Verifies grant and manifest with the key in the post's own page, and joins the swarm.
   * @throws {SeedError} `no-manifest` if the post is revoked, `refused` if the site did not grant it, and the errors of reading
   */
  static async begin(options: LentPostOptions): Promise<LentPost> {
    const config = await configOf(options)
    const grant = await grantOf(config, options)
    const post = await fetchPost(config, options.fetch)
    if (post.manifest.revoked) throw revoked(options.assigned)
    return new LentPost(options, {
      config,
      grant,
      post,
      part: await partOf(config, grant, { options, post }),
    })
  }

  state(): SeedState | null {
    const state = this.#part?.state()
    if (state === undefined) return null
    return {
      ...state,
      sent: state.sent + this.#before.sent,
      received: state.received + this.#before.received,
    }
  }

  /** Bytes sent since the start. */
  get sent(): number {
    return this.#before.sent + (this.#part?.state().sent ?? 0)
  }

  /**
   * Follows the post's manifest. Returns false if the post is revoked or its grant has ended: it must be deleted.
   * @throws {SeedError} `unreachable` if the server cannot be asked
   */
  async lookAfter(): Promise<boolean> {
    if (this.grant.expiresAt <= this.#options.now()) return false
    const latest = await fetchPost(this.config, this.#options.fetch)
    const change = changeOf(this.#post.manifest, latest.manifest)
    if (change === 'revoked') return false
    if (change === 'updated') {
      this.#post = latest
      const isServing = this.#part !== null
      this.pause()
      await this.#deleteFormer()
      if (isServing) await this.restart()
    }
    this.#part?.start()
    return true
  }

  /** Joins the swarm anew, under a new key and with a new ticket. */
  async restart(): Promise<void> {
    const options = this.#options
    this.pause()
    this.#part = await partOf(this.config, this.grant, { options, post: this.#post })
  }

  /** What the site has replaced or removed is not public any more. */
  async #deleteFormer(): Promise<void> {
    const names = new Set(this.#post.manifest.assets.flatMap(namesOf))
    await deleteOtherChunks(join(this.#options.directory, 'chunks'), names)
  }

  get isPaused(): boolean {
    return this.#part === null
  }

  /** Leaves the swarm. The chunks stay. */
  pause(): void {
    if (this.#part === null) return
    const { sent, received } = this.#part.state()
    this.#before = { sent: this.#before.sent + sent, received: this.#before.received + received }
    this.#part.stop()
    this.#part = null
  }
}

/** The page's own key is the site's. While the origin is down, the configuration of an earlier reading holds. */
async function configOf({ server, assigned, config, fetch }: LentPostOptions): Promise<PostConfig> {
  let read: PostConfig
  try {
    read = await readPostConfig(assigned.page, fetch)
  } catch (error) {
    if (config === null || !(error instanceof SeedError) || error.code !== 'unreachable') throw error
    return config
  }
  if (read.site === assigned.site && read.post === assigned.post) return { ...read, server }
  throw new SeedError('refused', `${assigned.page} is another post than the one that was assigned.`)
}

async function grantOf(config: PostConfig, { seed, assigned, now }: LentPostOptions): Promise<Grant> {
  const expected = { type: grantPayloadType, key: config.key }
  const payload = await signedPayload(assigned.grant, expected, crypto.subtle).catch(() => null)
  const grant = payload === null ? null : decodeGrant(payload)
  if (grant !== null && grant.site === assigned.site && grant.seed === seed && grant.expiresAt > now()) {
    return grant
  }
  throw new SeedError('refused', `the site of ${assigned.page} did not grant this seed its posts.`)
}

function partOf(
  config: PostConfig,
  grant: Grant,
  { options, post }: { readonly options: LentPostOptions; readonly post: PublishedPost },
): Promise<Part> {
  const { directory, fetch, fetchTicket, guard, onChange } = options
  const { maxBytes } = grant
  return takePart(post, { server: config.server, directory, maxBytes, fetch, fetchTicket, guard, onChange })
}

function revoked({ page }: AssignedPost): SeedError {
  return new SeedError('no-manifest', `${page} was withdrawn.`)
}
