import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { type AdviceKind, createAdvising } from '@peerpress/editorial'
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

type Field = 'title' | 'description'

/** Where each plugin documents its titles and descriptions, as PHP that prints one of `$input`. */
const stored: Readonly<Record<SeoPlugin, Readonly<Record<Field, string>>>> = {
  yoast: { title: meta('_yoast_wpseo_title'), description: meta('_yoast_wpseo_metadesc') },
  'rank-math': { title: meta('rank_math_title'), description: meta('rank_math_description') },
  seopress: { title: meta('_seopress_titles_title'), description: meta('_seopress_titles_desc') },
  aioseo: { title: aioseo('title'), description: aioseo('description') },
}

/** Pages of each kind of plugin: two of which one gets a description, and two of which one gets a title. */
const pagesOfKind = 4

// The plugins themselves are not here. A small one stores and shows as each of them documents.
suite('fields of SEO plugins in a real WordPress', { timeout: 600_000 }, () => {
  let opened: EditorialSite
  let posts: SitePost[]

  before(async () => {
    opened = await openEditorialSite()
    posts = await opened.publish(
      seoPlugins.flatMap((kind) => [
        `Bread of ${kind}`,
        `Rolls of ${kind}`,
        `Cake of ${kind}`,
        `Cake of ${kind}`,
      ]),
    )
    await opened.readPages()
  })
  after(() => opened.close())

  for (const [index, kind] of seoPlugins.entries()) {
    const pagesFrom = (start: number) =>
      posts.slice(pagesOfKind * index + start, pagesOfKind * index + start + 2)

    test(`${kind}: a description is written where it reads it, the page shows it, and it is rolled back`, async () => {
      const { wordpress } = opened
      await opened.addSeoPlugin(kind)
      const trial = await begin('description-missing', pagesFrom(0), kind)
      const changed = await changedOf(trial)
      assert.deepEqual([changed.status, changed.place], ['proven', kind], String(changed.error))
      const inPlugin = () => wordpress.php(stored[kind].description, changed.post)
      assert.equal(await inPlugin(), changed.description)
      assert.equal(await ownField('description', changed.post), '')
      assert.equal(await descriptionOf(changed.url), changed.description)
      await undo(trial)
      assert.equal(await inPlugin(), '')
      assert.equal(await descriptionOf(changed.url), null)
    })

    test(`${kind}: a title is written where it reads it, the page shows it, and it is rolled back`, async () => {
      const { wordpress } = opened
      const trial = await begin('title-duplicate', pagesFrom(2), kind)
      const changed = await changedOf(trial)
      assert.deepEqual([changed.status, changed.place], ['proven', kind], String(changed.error))
      const inPlugin = (field: Field) => wordpress.php(stored[kind][field], changed.post)
      assert.deepEqual([await inPlugin('title'), await inPlugin('description')], [changed.title, ''])
      assert.equal(await ownField('title', changed.post), '')
      assert.equal(await titleOf(changed.url), changed.title)
      // The post itself is not renamed.
      assert.equal(
        await wordpress.php('echo get_post((int) $input)->post_title;', changed.post),
        `Cake of ${kind}`,
      )
      await undo(trial)
      assert.equal(await inPlugin('title'), '')
      assert.match((await titleOf(changed.url)) ?? '', new RegExp(`^Cake of ${kind} `))
    })

    test(`${kind}: what an editor wrote into its fields meanwhile is not overwritten`, async () => {
      const { wordpress, registry } = opened
      const pages = pagesFrom(2)
      for (const { post } of pages) await wordpress.php(byHand[kind], post)
      const trial = await begin('description-missing', pages, kind)
      const changed = await changedOf(trial)
      assert.equal(changed.status, 'conflict')
      assert.match(changed.error ?? '', /another title or description than the one that was approved/)
      assert.equal(await wordpress.php(stored[kind].description, changed.post), 'By hand')
      assert.equal(await descriptionOf(changed.url), 'By hand')
      assert.notEqual(await registry.pageTrials.end(trial.id), null)
    })
  }

  test('none of this made PHP or WordPress complain', async () => {
    assert.deepEqual(await opened.wordpress.notices(), [])
  })

  const begin = (kind: AdviceKind, pages: readonly SitePost[], plugin: string): Promise<PageTrial> =>
    createAdvising(opened).begin({
      site: opened.site.id,
      kind,
      texts: pages.map(({ post }) => ({ post, text: `Approved for ${post} & "${plugin}"` })),
      by: 'Ada',
    })
  const undo = async (trial: PageTrial) => {
    await opened.registry.pageTrials.rollBack(trial.id, 'Ada')
    assert.equal((await changedOf(trial)).status, 'undone')
  }
  const ownField = (field: Field, post: string): Promise<string> =>
    opened.wordpress.php(meta(`_peerpress_${field}`), post)
  const html = async (url: string) => (await fetch(url)).text()
  const titleOf = async (url: string) => decoded(/<title>([^<]*)<\/title>/.exec(await html(url))?.[1])
  const descriptionOf = async (url: string) =>
    decoded(/<meta name="description" content="([^"]*)"/.exec(await html(url))?.[1])

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

/** PHP that prints a field of the post `$input`. */
function meta(key: string): string {
  return `echo get_post_meta((int) $input, '${key}', true);`
}

/** PHP that prints what the record of All in One SEO has. */
function aioseo(field: Field): string {
  return `echo AIOSEO\\Plugin\\Common\\Models\\Post::getPost((int) $input)->${field};`
}

/** PHP with which an editor writes a description into the plugin's field. */
const byHand: Readonly<Record<SeoPlugin, string>> = {
  yoast: setMeta('_yoast_wpseo_metadesc'),
  'rank-math': setMeta('rank_math_description'),
  seopress: setMeta('_seopress_titles_desc'),
  aioseo: `
    $model = AIOSEO\\Plugin\\Common\\Models\\Post::getPost((int) $input);
    [$model->post_id, $model->description] = [(int) $input, 'By hand'];
    $model->save();`,
}

function setMeta(key: string): string {
  return `update_post_meta((int) $input, '${key}', 'By hand');`
}

function decoded(text: string | undefined): string | null {
  return (
    text
      ?.replaceAll('&quot;', '"')
      .replaceAll('&#8221;', '"')
      .replaceAll('&amp;', '&')
      .replaceAll('&#038;', '&') ?? null
  )
}
