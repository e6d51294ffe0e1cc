import type { PublishedSite, TargetServer } from '../published-site.ts'
import { TestbedError } from '../testbed-error.ts'
import { samplePostId, startSampleSite } from './sample-site.ts'

/** Starts the sample site, adds it to the server and waits until its post is signed. */
export async function publishSampleSite({ url, client }: TargetServer): Promise<PublishedSite> {
  const sampleSite = await startSampleSite()
  try {
    const { siteAdd } = await client.query<{ siteAdd: { site: { siteId: string; publicKey: string } } }>(
      'mutation($input: SiteAddInput!) { siteAdd(input: $input) { site { siteId publicKey } } }',
      { input: { url: sampleSite.url, consent: 'ASSUMED', allowPrivateAddresses: true } },
    )
    const { siteId, publicKey } = siteAdd.site
    sampleSite.connect({ site: siteId, server: url, key: publicKey, consent: 'assumed' })
    await client.query('mutation($input: PostPublishInput!) { postPublish(input: $input) { accepted } }', {
      input: { siteId, postId: samplePostId, url: sampleSite.url },
    })
    await untilPublished(url, siteId, samplePostId)
    return { siteId, postUrl: sampleSite.url, close: () => sampleSite.close() }
  } catch (error) {
    await sampleSite.close()
    throw error
  }
}

/**
 * Waits until the server serves a post's signed manifest.
 * @throws {TestbedError} `not-published` after a minute.
 */
export async function untilPublished(server: string, siteId: string, postId: string): Promise<void> {
  const giveUpAt = Date.now() + 60_000
  for (;;) {
    const response = await fetch(`${server}/v1/sites/${siteId}/posts/${postId}/manifest`)
    await response.body?.cancel()
    if (response.ok) return
    if (Date.now() > giveUpAt)
      throw new TestbedError('not-published', `the server did not sign post ${postId} within a minute`)
    await new Promise((wake) => setTimeout(wake, 200))
  }
}
