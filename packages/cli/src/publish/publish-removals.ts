import { isUrlPost, type ReadBuiltPage } from '@peerpress/connectors'
import { CliError } from '../cli-error.ts'
import { allNodes, type ConnectionPage } from '../client/all-nodes.ts'
import type { GraphqlClient } from '../client/graphql-client.ts'
import { fetchPublic } from './fetch-public.ts'
import { requestPublication } from './request-publication.ts'

export interface RemovalOptions {
  readonly siteId: string
  readonly client: GraphqlClient
  readonly origins: readonly string[]
  readonly readPage: ReadBuiltPage
}

/**
 * Has the server look at each published post that is not in the folder, if its page is not found on the site, or no longer
 * names the post because it lost its media. A post whose page is on the site stays: the folder may be a part of the site.
 * Resolves to the URLs of the posts.
 * @throws {CliError} `server-unreachable`, `server-refused`
 */
export async function publishRemovals(
  posts: readonly { readonly post: string }[],
  options: RemovalOptions,
): Promise<readonly string[]> {
  const present = new Set(posts.map(({ post }) => post))
  const removed: string[] = []
  for await (const { postId, url, revoked } of publishedPosts(options)) {
    if (revoked || present.has(postId) || !isUrlPost(postId)) continue
    if (await hasGone(postId, url, options)) {
      await requestPublication(options.client, { siteId: options.siteId, postId, url })
      removed.push(url)
    }
  }
  return removed
}

interface PublishedPost {
  readonly postId: string
  readonly url: string
  readonly revoked: boolean
}

function publishedPosts({ client, siteId }: RemovalOptions): AsyncGenerator<PublishedPost> {
  return allNodes(async (after) => {
    const { site } = await client.query<{
      site: { readonly posts: ConnectionPage<PublishedPost> } | null
    }>(
      `query($siteId: String!, $after: String) {
        site(siteId: $siteId) {
          posts(first: 100, after: $after) {
            edges { node { postId url revoked } }
            pageInfo { hasNextPage endCursor }
          }
        }
      }`,
      { siteId, after },
    )
    if (site === null) throw new CliError('server-refused', `the server has no site ${siteId} any more.`)
    return site.posts
  })
}

/** Returns whether the public page is missing, or has the site's configuration without the post. */
async function hasGone(
  postId: string,
  url: string,
  { siteId, origins, readPage }: RemovalOptions,
): Promise<boolean> {
  // A site that cannot be reached proves nothing.
  const response = await fetchPublic(url).catch(() => null)
  if (response?.status === 404 || response?.status === 410) return true
  const html = response?.body
  if (html == null) return false
  const { offer } = readPage({ html, url, origins, maxMedia: 0 })
  return offer !== null && offer.site === siteId && offer.post !== postId
}
