import { join } from 'node:path'
import { CliError } from '../cli-error.ts'
import { graphqlClient } from '../graphql-client.ts'
import { say } from '../say.ts'
import { connectWordpress } from '../wordpress/connect-wordpress.ts'
import { startWordPress } from '../wordpress/wordpress.ts'
import type { DemoServer, DemoSite } from './demo-site.ts'
import { untilPublished } from './publish-sample-site.ts'
import { sampleDirectory, sampleMedia } from './sample-site.ts'

/** Starts a WordPress with the plugin, connects it as its owner would, publishes the sample post in it. */
export async function publishWordpressSite({ server, token }: DemoServer): Promise<DemoSite> {
  say.step('starting WordPress and MariaDB')
  const wordpress = await startWordPress({ plugin: true })
  try {
    await connectWordpress(wordpress, { server, token })
    // Three readers are too few to keep any on the origin to compare with.
    await wordpress.php('update_option("peerpress_assistance", ["control" => 0]);')
    const { pictures, video } = await sampleMedia()
    const post = await wordpress.publishPost({
      title: 'Ten imagined places',
      pictures: pictures.map((name) => join(sampleDirectory, name)),
      video: join(sampleDirectory, video),
    })
    const siteId = await siteIdOf(wordpress.url, { server, token })
    await untilPublished(server, siteId, String(post.id))
    return { siteId, postUrl: post.url, close: () => wordpress.stop() }
  } catch (error) {
    await wordpress.stop()
    throw error
  }
}

async function siteIdOf(url: string, { server, token }: DemoServer): Promise<string> {
  const { sites } = await graphqlClient(server, token).ask<{
    sites: { edges: readonly { node: { siteId: string; url: string } }[] }
  }>('{ sites(first: 100) { edges { node { siteId url } } } }')
  const edge = sites.edges.find(({ node }) => new URL(node.url).origin === url)
  if (edge === undefined) throw new CliError('demo-failed', `the server does not know the site ${url}`)
  return edge.node.siteId
}
