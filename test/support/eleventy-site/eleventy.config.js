import { feedPlugin } from '@11ty/eleventy-plugin-rss'

const url = process.env.SITE_URL ?? 'http://site.localhost/'

/** A blog as Eleventy's own starter builds it: posts in Markdown, a layout, an Atom feed, a sitemap. */
export default function configure(eleventy) {
  eleventy.addGlobalData('site', { title: 'Imagined places', url })
  eleventy.addPassthroughCopy({ '../../../packages/testbed/sample/*.jpg': 'img' })
  eleventy.addPassthroughCopy({ 'part.txt': 'part.html' })
  eleventy.addShortcode(
    'picture',
    (name) => `<img src="/img/${name}.jpg" alt="${name}" width="1600" height="1067" loading="lazy">`,
  )
  eleventy.addPlugin(feedPlugin, {
    type: 'atom',
    outputPath: '/feed.xml',
    collection: { name: 'post', limit: 0 },
    metadata: { language: 'en', title: 'Imagined places', base: url, author: { name: 'PeerPress' } },
  })
}
