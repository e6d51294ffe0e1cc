import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { releasedPlugin } from '@peerpress/cli'
import { createEditorial, noCommunity, startCmsWork } from '@peerpress/editorial'
import { createInsights } from '@peerpress/insights'
import { openRegistry, type Registry, type Site } from '@peerpress/registry'
import { openStore, type Store } from '@peerpress/store'
import { startWordPress, type WordPress } from '@peerpress/testbed'

/** A published post of the site. */
export interface SitePost {
  readonly post: string
  readonly url: string
}

/** The SEO plugins whose fields are written, as the plugin names them. */
export const seoPlugins = ['yoast', 'rank-math', 'seopress', 'aioseo'] as const
export type SeoPlugin = (typeof seoPlugins)[number]

/** A real WordPress with the plugin, connected to engines of this process in which editorial work runs. */
export interface EditorialSite {
  readonly wordpress: WordPress
  readonly registry: Registry
  readonly store: Store
  readonly site: Site
  /** Publishes posts by title, and records them as the publisher does. */
  publish(titles: readonly string[]): Promise<SitePost[]>
  /** Has the server fetch and read the public pages. */
  readPages(): Promise<void>
  /** Installs the small SEO plugin of the tests, which stores and shows as one of the SEO plugins documents. @default 'yoast' */
  addSeoPlugin(kind?: SeoPlugin): Promise<void>
  close(): Promise<void>
}

export async function openEditorialSite(): Promise<EditorialSite> {
  const directory = await mkdtemp(join(tmpdir(), 'peerpress-editorial-'))
  const registry = await openRegistry({ directory: join(directory, 'registry') })
  const store = await openStore({ directory: join(directory, 'store') })
  const wordpress = await startWordPress({ plugin: await releasedPlugin() })
  const { site, webhookSecret } = await registry.sites.add({
    url: wordpress.url,
    consent: 'assumed',
    allowPrivateAddresses: true,
  })
  await wordpress.php(
    `if (! PeerPress\\Server\\Connection::accept($input, 'assumed', 'http://127.0.0.1:9')) exit(1);`,
    {
      site: site.id,
      publicKey: Buffer.from(site.publicKey).toString('base64url'),
      webhookSecret,
    },
  )
  const insights = createInsights({ registry, store })
  const editorial = createEditorial({ registry, store, insights, community: noCommunity })
  const stopWork = await startCmsWork({ registry })
  return {
    wordpress,
    registry,
    store,
    site,
    publish: async (titles) => {
      const posts = JSON.parse(await wordpress.php(publishPosts, titles)) as SitePost[]
      for (const post of posts) {
        await registry.posts.record({
          ...post,
          site: site.id,
          version: 1,
          revoked: false,
          envelope: '{}',
          assets: [],
        })
      }
      return posts
    },
    readPages: () => editorial.makeBriefs(site.id),
    addSeoPlugin: async (kind = 'yoast') => {
      const folder = join(wordpress.directory, 'wp-content/mu-plugins')
      await mkdir(folder, { recursive: true })
      // No PHP: the web server would run its compiled form of the earlier kind for some seconds.
      await writeFile(join(folder, 'seo-kind'), kind)
      await copyFile(new URL('seo-plugin.php', import.meta.url), join(folder, 'seo-plugin.php'))
    },
    close: async () => {
      await stopWork()
      await editorial.close()
      await wordpress.stop()
      await store.close()
      await registry.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** Each post has its own text of several sentences. */
const publishPosts = `
$posts = [];
foreach ($input as $number => $title) {
    $text = "This post is about $title, and it is number $number of the bakery. The dough rests for $number hours in the cold. "
        . 'Then it is baked until the crust is dark, and it cools on the shelf beside the oven until the shop opens.';
    $id = wp_insert_post(['post_title' => $title, 'post_status' => 'publish', 'post_content' => "<p>$text</p>"]);
    $posts[] = ['post' => (string) $id, 'url' => get_permalink($id)];
}
echo json_encode($posts);
`
