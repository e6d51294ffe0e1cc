import { CliError } from '../cli-error.ts'
import { graphqlClient } from '../graphql-client.ts'
import type { DemoServer, DemoSite } from './demo-site.ts'
import { samplePostId, startSampleSite } from './sample-site.ts'

/** Starts the sample site, adds it to the server and waits until its post is signed. */
export async function publishSampleSite({ server, token }: DemoServer): Promise<DemoSite> {
  const client = graphqlClient(server, token)
  const sampleSite = await startSampleSite()
  try {
    const { siteAdd } = await client.ask<{ siteAdd: { site: { siteId: string; publicKey: string } } }>(
      'mutation($input: SiteAddInput!) { siteAdd(input: $input) { site { siteId publicKey } } }',
      { input: { url: sampleSite.url, consent: 'ASSUMED', allowPrivateAddresses: true } },
    )
    const { siteId, publicKey } = siteAdd.site
    sampleSite.connect({ site: siteId, server, key: publicKey, consent: 'assumed' })
    await client.ask('mutation($input: PostPublishInput!) { postPublish(input: $input) { accepted } }', {
      input: { siteId, postId: samplePostId, url: sampleSite.url },
    })
    await untilPublished(server, siteId, samplePostId)
    return { siteId, postUrl: sampleSite.url, close: () => sampleSite.close() }
  } catch (error) {
    await sampleSite.close()
    throw error
  }
}

/**
 * Waits until a post's signed manifest can be had.
 * @throws {CliError} `demo-failed` after a minute.
 */
export async function untilPublished(server: string, siteId: string, postId: string): Promise<void> {
  const giveUpAt = Date.now() + 60_000
  for (;;) {
    const response = await fetch(`${server}/v1/sites/${siteId}/posts/${postId}/manifest`)
    await response.body?.cancel()
    if (response.ok) return
    if (Date.now() > giveUpAt)
      throw new CliError('demo-failed', 'the sample post was not signed within a minute')
    await new Promise((wake) => setTimeout(wake, 200))
  }
}
