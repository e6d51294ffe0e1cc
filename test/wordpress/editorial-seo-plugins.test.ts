import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { createAdvising } from '@peerpress/editorial'
import type { PageChange, PageTrial } from '@peerpress/registry'
import { eventually } from '../support/eventually.ts'
import {
  type EditorialSite,
  openEditorialSite,
  type SeoPlugin,
  seoPlugins,
  type SitePost,
} from '../support/wordpress/editorial-site.ts'

const settling: readonly string[] = ['queued', 'written', 'undoing']

/** Where each plugin documents its descriptions, as PHP that prints one of `$input`. */
const storedDescription: Readonly<Record<SeoPlugin, string>> = {
  yoast: `echo get_post_meta((int) $input, '_yoast_wpseo_metadesc', true);`,
  'rank-math': `echo get_post_meta((int) $input, 'rank_math_description', true);`,
  seopress: `echo get_post_meta((int) $input, '_seopress_titles_desc', true);`,
  aioseo: `echo AIOSEO\\Plugin\\Common\\Models\\Post::getPost((int) $input)->description;`,
}

// The plugins themselves are not here. A small one stores and shows as each of them documents.
suite('fields of SEO plugins in a real WordPress', { timeout: 600_000 }, () => {
  let opened: EditorialSite
  let posts: SitePost[]

  before(async () => {
    opened = await openEditorialSite()
    posts = await opened.publish(seoPlugins.flatMap((kind) => [`Bread of ${kind}`, `Rolls of ${kind}`]))
    await opened.readPages()
  })
  after(() => opened.close())

  for (const [index, kind] of seoPlugins.entries()) {
    test(`${kind}: a description is written where it reads it, the page shows it, and it is rolled back`, async () => {
      const { registry, wordpress } = opened
      await opened.addSeoPlugin(kind)
      const pages = posts.slice(2 * index, 2 * index + 2)
      const trial = await createAdvising(opened).begin({
        site: opened.site.id,
        kind: 'description-missing',
        texts: pages.map(({ post }) => ({ post, text: `Approved for ${post} & "${kind}"` })),
        by: 'Ada',
      })
      const changed = await changedOf(trial)
      assert.deepEqual([changed.status, changed.place], ['proven', kind], String(changed.error))
      const stored = () => wordpress.php(storedDescription[kind], changed.post)
      assert.equal(await stored(), changed.description)
      assert.equal(await ownField(changed.post), '')
      assert.match(await (await fetch(changed.url)).text(), /name="description" content="Approved for/)
      await registry.pageTrials.rollBack(trial.id, 'Ada')
      assert.equal((await changedOf(trial)).status, 'undone')
      assert.equal(await stored(), '')
      assert.doesNotMatch(await (await fetch(changed.url)).text(), /Approved for/)
    })
  }

  test('none of this made PHP or WordPress complain', async () => {
    assert.deepEqual(await opened.wordpress.notices(), [])
  })

  const ownField = (post: string): Promise<string> =>
    opened.wordpress.php(`echo get_post_meta((int) $input, '_peerpress_description', true);`, post)

  /** The changed page of a trial when no change is under way. */
  const changedOf = (trial: PageTrial): Promise<PageChange> =>
    eventually(
      'the end of the changes',
      async () => {
        const changes = await opened.registry.pageTrials.changes(trial.id)
        if (changes.some(({ status }) => settling.includes(status))) return undefined
        return changes.find(({ isChangedHalf }) => isChangedHalf)
      },
      120_000,
    )
})
