import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { type AdviceKind, createAdvising } from '@peerpress/editorial'
import type { PageChange, PageTrial } from '@peerpress/registry'
import { encodeViewRow, rowTime, type ViewRow } from '@peerpress/store'
import { sampleViews } from '../support/data/sample-views.ts'
import { eventually } from '../support/eventually.ts'
import { type EditorialSite, openEditorialSite, type SitePost } from '../support/wordpress/editorial-site.ts'

const day = 86_400_000
const settling: readonly string[] = ['queued', 'written', 'undoing']

// One site from its first advice to the last rollback: the tests run in order.
suite('advice on the pages of a real WordPress', { timeout: 600_000 }, () => {
  let opened: EditorialSite
  let posts: SitePost[]
  let descriptions: PageTrial

  before(async () => {
    opened = await openEditorialSite()
    const long =
      'How to bake a rye bread with a very dark crust at home without a baking stone and without a steam oven'
    posts = await opened.publish([
      ...Array.from({ length: 20 }, (_, i) => `Bread ${i}`),
      'Twins',
      'Twins',
      long,
      `${long} again`,
    ])
    await opened.readPages()
  })
  after(() => opened.close())

  test('says what is missing, duplicate and cut off, with texts of the pages’ own words', async () => {
    const advice = await advising().advice(opened.site.id)
    const kinds = (kind: AdviceKind) => advice.filter((of) => of.kind === kind).map(({ post }) => post)
    assert.deepEqual(kinds('description-missing').length, posts.length)
    assert.deepEqual(new Set(kinds('title-duplicate')), new Set([posts[20]?.post, posts[21]?.post]))
    assert.deepEqual(new Set(kinds('title-truncated')), new Set([posts[22]?.post, posts[23]?.post]))
    assert.deepEqual(kinds('title-missing'), [])
    const missing = advice.filter(({ kind }) => kind === 'description-missing')
    for (const { post, proposal } of missing) {
      const isShort = posts.slice(0, 20).some((of) => of.post === post)
      if (isShort) assert.match(proposal ?? '', /^This post is about .* hours in the cold\.$/)
    }
    for (const { pixels, maxPixels } of advice.filter(({ kind }) => kind === 'title-truncated')) {
      assert.ok(pixels > maxPixels)
    }
  })

  test('a random half gets its descriptions, which the public pages show; the other half waits', async () => {
    descriptions = await begin('description-missing', posts.slice(0, 20))
    const changes = await settled(descriptions)
    assert.equal(changes.filter(({ isChangedHalf }) => isChangedHalf).length, 10)
    for (const change of changes) {
      const { isChangedHalf, status, place, url, description, error } = change
      assert.equal(status, isChangedHalf ? 'proven' : 'waiting', String(error))
      assert.equal(place, isChangedHalf ? 'peerpress' : null)
      assert.equal(await descriptionOf(url), isChangedHalf ? description : null)
    }
    const left = await advising().advice(opened.site.id)
    const open = new Set(changes.map(({ post }) => post))
    assert.ok(left.every(({ post }) => !open.has(post)))
  })

  test('its effect is given after four weeks, with its interval, from the measured views', async () => {
    const early = await advising().effect(descriptions)
    assert.deepEqual([early.searchVisits, early.engagedTime], [null, null])
    const readyAt = early.readyAt?.getTime() ?? 0
    assert.ok(readyAt > Date.now() + 27 * day)
    const changes = await opened.registry.pageTrials.changes(descriptions.id)
    // In each half every other page grows more than the next, so that the draw of the halves does not decide the figure.
    const halves = [true, false].flatMap((half) =>
      changes
        .filter(({ isChangedHalf }) => isChangedHalf === half)
        .map((change, index) => ({ change, index })),
    )
    const rows = halves.flatMap(({ change: { post, isChangedHalf }, index }) => {
      const earlier = 40
      const later = Math.round(earlier * (isChangedHalf ? 1.5 : 1) * (index % 2 === 0 ? 1.1 : 0.9))
      return [
        ...views(post, earlier, descriptions.startedAt.getTime() - 20 * day),
        ...views(post, later, readyAt - 20 * day),
      ]
    })
    await opened.store.insertViews(Buffer.from(rows.map((row) => encodeViewRow(row)).join('\n')), 'visits')
    const { searchVisits, engagedTime } = await advising(readyAt).effect(descriptions)
    for (const effect of [searchVisits, engagedTime]) {
      assert.ok(effect?.isEnough, JSON.stringify(effect))
      assert.ok(Math.abs(effect.effect - 0.5) < 0.01, JSON.stringify(effect))
      assert.ok(
        0.2 < effect.low && effect.low < 0.5 && 0.5 < effect.high && effect.high < 0.8,
        JSON.stringify(effect),
      )
      assert.deepEqual(effect.pages, { changed: 10, waiting: 10 })
    }
  })

  test('it is rolled back on request, except where somebody edited the page since', async () => {
    const { registry, wordpress } = opened
    const changed = (await registry.pageTrials.changes(descriptions.id)).filter(
      ({ isChangedHalf }) => isChangedHalf,
    )
    const edited = changed[0] as PageChange
    await wordpress.php(`update_post_meta((int) $input, '_peerpress_description', 'By hand');`, edited.post)
    assert.notEqual(await registry.pageTrials.rollBack(descriptions.id, 'Ada'), null)
    for (const { post, status, url, error } of await settled(descriptions)) {
      const isEdited = post === edited.post
      const wasChanged = changed.some((of) => of.post === post)
      assert.equal(status, isEdited ? 'conflict' : wasChanged ? 'undone' : 'cancelled', String(error))
      if (isEdited) assert.match(error ?? '', /By hand.*Nothing was overwritten/)
      assert.equal(await descriptionOf(url), isEdited ? 'By hand' : null)
    }
    await opened.readPages()
    const again = await advising().advice(opened.site.id)
    const undone = new Set(changed.map(({ post }) => post))
    assert.ok(!again.some(({ kind, post }) => kind === 'description-missing' && undone.has(post)))
  })

  test('with an SEO plugin, its own fields are written, shown and rolled back', async () => {
    await opened.addSeoPlugin()
    const trial = await begin('title-duplicate', posts.slice(20, 22))
    const changed = (await settled(trial)).find(({ isChangedHalf }) => isChangedHalf) as PageChange
    assert.deepEqual([changed.status, changed.place], ['proven', 'yoast'])
    assert.equal(await metaOf(changed.post, '_yoast_wpseo_title'), changed.title)
    assert.equal(await metaOf(changed.post, '_peerpress_title'), '')
    assert.equal(await titleOf(changed.url), changed.title)
    await opened.registry.pageTrials.rollBack(trial.id, 'Ada')
    assert.equal((await settled(trial)).find(({ isChangedHalf }) => isChangedHalf)?.status, 'undone')
    assert.match((await titleOf(changed.url)) ?? '', /^Twins /)
    assert.equal(await metaOf(changed.post, '_yoast_wpseo_title'), '')
  })

  test('a page that somebody edited since the approval is not changed', async () => {
    const { wordpress, registry } = opened
    const pages = posts.slice(22, 24)
    for (const { post } of pages) {
      await wordpress.php(`update_post_meta((int) $input, '_yoast_wpseo_title', 'By hand');`, post)
    }
    const trial = await begin('title-truncated', pages)
    const changed = (await settled(trial)).find(({ isChangedHalf }) => isChangedHalf)
    assert.equal(changed?.status, 'conflict')
    assert.equal(await metaOf(changed?.post ?? '', '_yoast_wpseo_title'), 'By hand')
    assert.notEqual(await registry.pageTrials.end(trial.id), null)
  })

  test('refuses texts with markup, a single page, and pages that need no such change', async () => {
    const request = (texts: { post: string; text: string }[]) =>
      advising().begin({ site: opened.site.id, kind: 'description-missing', texts, by: 'Ada' })
    const [one = '', other = ''] = [posts[20]?.post, posts[21]?.post]
    await assert.rejects(request([{ post: one, text: 'x' }]), { code: 'too-few-pages' })
    await assert.rejects(request([one, other].map((post) => ({ post, text: '<b>x</b>' }))), {
      code: 'bad-text',
    })
    await assert.rejects(request([one, '999'].map((post) => ({ post, text: 'x' }))), { code: 'unknown-page' })
  })

  test('none of this made PHP or WordPress complain', async () => {
    assert.deepEqual(await opened.wordpress.notices(), [])
  })

  const advising = (now = Date.now()) => createAdvising({ ...opened, now: () => now })

  /** Begins a trial with texts that a person approves. */
  const begin = (kind: AdviceKind, pages: readonly SitePost[]): Promise<PageTrial> =>
    advising().begin({
      site: opened.site.id,
      kind,
      texts: pages.map(({ post }) => ({ post, text: `Approved text of post ${post} & more` })),
      by: 'Ada',
    })

  /** The changes of a trial when none is under way. */
  const settled = (trial: PageTrial): Promise<PageChange[]> =>
    eventually(
      'the end of the changes',
      async () => {
        const changes = await opened.registry.pageTrials.changes(trial.id)
        return changes.some(({ status }) => settling.includes(status)) ? undefined : changes
      },
      120_000,
    )

  const views = (post: string, count: number, from: number): ViewRow[] =>
    Array.from({ length: count }, (_, index) => ({
      ...(sampleViews(opened.site.id, 1, from)[0] as ViewRow),
      view: crypto.randomUUID(),
      post,
      started_at: rowTime(from + index * 60_000),
      received_at: rowTime(from + index * 60_000),
      navigation: 'navigate',
      referrer_class: 'search',
      search_engine: 'Google',
      engaged_ms: 10_000,
      sampling: 1,
    }))

  const metaOf = (post: string, key: string): Promise<string> =>
    opened.wordpress.php('echo get_post_meta((int) $input[0], $input[1], true);', [post, key])

  const html = async (url: string): Promise<string> => (await fetch(url)).text()
  const titleOf = async (url: string) => decoded(/<title>([^<]*)<\/title>/.exec(await html(url))?.[1])
  const descriptionOf = async (url: string) =>
    decoded(/<meta name="description" content="([^"]*)"/.exec(await html(url))?.[1])
})

function decoded(text: string | undefined): string | null {
  return text?.replaceAll('&amp;', '&') ?? null
}
