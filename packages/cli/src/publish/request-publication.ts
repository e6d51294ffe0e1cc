import type { GraphqlClient } from '../client/graphql-client.ts'

/** A post, and the page that the server fetches. */
export interface RequestedPost {
  readonly siteId: string
  readonly postId: string
  readonly url: string
}

/**
 * Has the server fetch a page and publish or revoke its post by what it finds.
 * @throws {CliError} `server-unreachable`, `server-refused`
 */
export async function requestPublication(
  client: GraphqlClient,
  input: RequestedPost,
): Promise<{ readonly accepted: boolean }> {
  const { postPublish } = await client.query<{ postPublish: { accepted: boolean } }>(
    'mutation($input: PostPublishInput!) { postPublish(input: $input) { accepted } }',
    { input },
  )
  return postPublish
}
