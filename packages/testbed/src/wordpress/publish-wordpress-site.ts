import { join } from 'node:path'
import type { Progress } from '../progress.ts'
import type { PublishedSite, TargetServer } from '../published-site.ts'
import { untilPublished } from '../sample-site/publish-sample-site.ts'
import { sampleDirectory, sampleMedia } from '../sample-site/sample-site.ts'
import { TestbedError } from '../testbed-error.ts'
import { connectWordpress } from './connect-wordpress.ts'
import type { PluginRelease } from './install.ts'
import { startWordPress } from './wordpress.ts'

/** What a WordPress needs to become a published site. */
export interface WordpressSiteOptions {
  readonly server: TargetServer
  /** The operator's token: the site's owner enters it when they connect. */
  readonly token: string
  readonly plugin: PluginRelease
  readonly progress: Progress
}

/** Starts a WordPress with the plugin, connects it as its owner would, publishes the sample post in it. */
export async function publishWordpressSite({
  server,
  token,
  plugin,
  progress,
}: WordpressSiteOptions): Promise<PublishedSite> {
  progress.step('starting WordPress and MariaDB')
  const wordpress = await startWordPress({ plugin })
  try {
    await connectWordpress(wordpress, { server: server.url, token })
    // A few readers are too few for a control arm.
    await wordpress.php('update_option("peerpress_assistance", ["control" => 0]);')
    const { pictures, video } = await sampleMedia()
    const post = await wordpress.publishPost({
      title: 'Ten imagined places',
      pictures: pictures.map((name) => join(sampleDirectory, name)),
      video: join(sampleDirectory, video),
    })
    const siteId = await siteIdOf(wordpress.url, server)
    await untilPublished(server.url, siteId, String(post.id))
    return { siteId, postUrl: post.url, close: () => wordpress.stop() }
  } catch (error) {
    await wordpress.stop()
    throw error
  }
}

async function siteIdOf(url: string, { client }: TargetServer): Promise<string> {
  const { sites } = await client.query<{
    sites: { edges: readonly { node: { siteId: string; url: string } }[] }
  }>('{ sites(first: 100) { edges { node { siteId url } } } }')
  const edge = sites.edges.find(({ node }) => new URL(node.url).origin === url)
  if (edge === undefined) throw new TestbedError('not-connected', `the server does not know the site ${url}`)
  return edge.node.siteId
}
