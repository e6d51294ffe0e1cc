import { type BuiltPost, markOf } from '@peerpress/connectors'
import { decodeEnvelope, decodeManifest, type Manifest } from '@peerpress/wire'
import type { GraphqlClient } from '../client/graphql-client.ts'
import { fetchPublic } from './fetch-public.ts'
import { requestPublication } from './request-publication.ts'

export interface ChangeOptions {
  readonly siteId: string
  /** Address of the server for this command, no trailing slash. */
  readonly server: string
  readonly client: GraphqlClient
  /** Returns whether a manifest has the content of the folder. */
  readonly isPublished: (post: BuiltPost, manifest: Manifest) => Promise<boolean>
  /** Called after each post. */
  readonly onProgress: (progress: ChangeProgress) => void
}

export interface ChangeProgress {
  readonly checked: number
  readonly posts: number
}

/** URLs of the posts of a folder by their state on the server. */
export interface Changes {
  /** The server has published exactly this content. */
  readonly current: readonly string[]
  /** The server was asked to fetch these posts, which are on the site as they are in the folder. */
  readonly requested: readonly string[]
  /** The site does not have the page of the folder yet. */
  readonly waiting: readonly string[]
  /** Whether the site could not be reached. The rest of its pages were not checked then. */
  readonly isUnreachable: boolean
}

/** Posts that are checked at the same time. */
const atOnce = 4

/**
 * Requests the publication of each post whose content differs from what the server has published, if the site already has
 * the folder's page. The server fetches the public page, so a request before the deploy would publish the old one.
 * @throws {CliError} `server-unreachable`, `server-refused`
 */
export async function publishChanges(posts: readonly BuiltPost[], options: ChangeOptions): Promise<Changes> {
  const states = new Map<BuiltPost, PostState>()
  const site = { isUnreachable: false }
  const queue = posts.values()
  const work = async () => {
    for (const post of queue) {
      states.set(post, await publishChange(post, site, options))
      options.onProgress({ checked: states.size, posts: posts.length })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  const urlsOf = (state: PostState) =>
    posts.filter((post) => states.get(post) === state).map(({ url }) => url)
  return { current: urlsOf('current'), requested: urlsOf('requested'), waiting: urlsOf('waiting'), ...site }
}

type PostState = 'current' | 'requested' | 'waiting'

async function publishChange(
  post: BuiltPost,
  site: { isUnreachable: boolean },
  options: ChangeOptions,
): Promise<PostState> {
  const { siteId, client, isPublished } = options
  const manifest = await fetchManifest(post, options)
  if (manifest !== null && (await isPublished(post, manifest))) return 'current'
  if (site.isUnreachable) return 'waiting'
  try {
    if (!(await isDeployed(post))) return 'waiting'
  } catch {
    site.isUnreachable = true
    return 'waiting'
  }
  await requestPublication(client, { siteId, postId: post.post, url: post.url })
  return 'requested'
}

/** Returns the post's manifest; null if there is none that can be read. */
async function fetchManifest(
  { post }: BuiltPost,
  { siteId, server }: ChangeOptions,
): Promise<Manifest | null> {
  try {
    const { body } = await fetchPublic(`${server}/v1/sites/${siteId}/posts/${post}/manifest`)
    return body === null ? null : decodeManifest(decodeEnvelope(body.toString()).payload)
  } catch {
    // A request for publication does no harm where there was no need for it.
    return null
  }
}

/**
 * Returns whether the site's page has the mark of the folder's page.
 * @throws if the site cannot be reached
 */
async function isDeployed({ url, mark }: BuiltPost): Promise<boolean> {
  const { body } = await fetchPublic(url)
  return body !== null && (await markOf(body)) === mark
}
