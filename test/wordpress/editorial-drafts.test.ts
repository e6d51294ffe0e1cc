import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { type Draft, evidenceItem } from '@peerpress/registry'
import { eventually } from '../support/eventually.ts'
import { type EditorialSite, openEditorialSite } from '../support/wordpress/editorial-site.ts'

suite('drafts into a real WordPress', { timeout: 600_000 }, () => {
  let opened: EditorialSite
  let saved: Draft

  before(async () => {
    opened = await openEditorialSite()
  })
  after(() => opened.close())

  test('of two people who approve a draft at once one does; it becomes a post with the status draft and footnotes', async () => {
    const { registry, wordpress } = opened
    const draft = await passed('How rye bread rises')
    const both = await Promise.all(['Ada', 'Grace'].map((by) => registry.draftPosts.approve(draft.id, by)))
    assert.equal(both.filter(Boolean).length, 1)
    saved = await ended(draft)
    assert.deepEqual([saved.status, saved.error], ['in-cms', null])
    assert.equal(saved.approvedBy, both[0] ? 'Ada' : 'Grace')
    const post = JSON.parse(await wordpress.php(postOf, saved.id)) as Record<string, string>
    assert.equal(post['status'], 'draft')
    assert.equal(post['title'], 'How rye bread rises')
    assert.equal(post['approvedBy'], saved.approvedBy)
    assert.match(post['html'] ?? '', /Rye rises in 6 hours\..*href="#peerpress-source-1"/s)
    assert.match(
      post['html'] ?? '',
      /<li id="peerpress-source-1"><a href="https:\/\/bakery\.example\/hours">Hours/,
    )
    assert.equal((await registry.draftPosts.get(saved.id))?.post, post['id'])
    assert.equal(await registry.draftPosts.draftOf(opened.site.id, post['id'] ?? ''), saved.id)
    // The public does not see it.
    assert.equal((await fetch(`${wordpress.url}/?p=${post['id']}`)).status, 404)
  })

  test('a draft that somebody edited in WordPress is not overwritten, and the conflict says who did', async () => {
    const { registry, wordpress } = opened
    await wordpress.php(
      `wp_set_current_user(1);
      [$post] = get_posts(['post_status' => 'any', 'meta_key' => '_peerpress_draft', 'meta_value' => $input]);
      wp_update_post(['ID' => $post->ID, 'post_content' => 'By hand.']);
      update_post_meta($post->ID, '_edit_last', 1);`,
      saved.id,
    )
    await registry.drafts.change(saved.id, { from: ['in-cms'], to: 'failed' })
    assert.equal(await registry.draftPosts.retry(saved.id), true)
    const conflict = await ended(saved)
    assert.equal(conflict.status, 'conflict')
    assert.match(conflict.error ?? '', /edited the post on .*Nothing was overwritten/)
    const post = JSON.parse(await wordpress.php(postOf, saved.id)) as Record<string, string>
    assert.equal(post['content'], 'By hand.')
  })

  test('a WordPress that refuses or changes a draft is reported, and nothing is published', async () => {
    const { registry, wordpress } = opened
    const plugin = join(wordpress.directory, 'wp-content/mu-plugins')
    await wordpress.php('wp_mkdir_p($input);', plugin)
    const cases = [
      [`add_filter('wp_insert_post_empty_content', '__return_true');`, 'failed', /empty/],
      [
        `add_filter('wp_insert_post_data', static fn ($fields) => ['post_title' => 'SALE'] + $fields);`,
        'conflict',
        /another form/,
      ],
      [
        `add_filter('rest_pre_dispatch', static fn () => new WP_Error('closed', 'Closed', ['status' => 403]));`,
        'failed',
        /not as the plugin does/,
      ],
    ] as const
    for (const [script, status, error] of cases) {
      await writeFile(join(plugin, 'refusing.php'), `<?php ${script}`)
      const draft = await passed(`Draft for ${status}`)
      await registry.draftPosts.approve(draft.id, 'Ada')
      const done = await ended(draft)
      assert.equal(done.status, status, done.error ?? '')
      assert.match(done.error ?? '', error)
    }
    await writeFile(join(plugin, 'refusing.php'), '<?php')
    const published = await wordpress.php(
      `echo count(get_posts(['post_status' => 'publish', 'meta_key' => '_peerpress_draft']));`,
    )
    assert.equal(published, '0')
  })

  test('none of this made PHP or WordPress complain', async () => {
    assert.deepEqual(await opened.wordpress.notices(), [])
  })

  /** A draft that passed all gates, with one source. */
  async function passed(title: string): Promise<Draft> {
    const { registry, site } = opened
    const fact = evidenceItem({
      site: site.id,
      source: 'upload',
      date: '2026-03-01',
      region: null,
      language: 'en',
      post: null,
      title: 'Hours of the bakery',
      text: 'Rye rises in 6 hours.',
      url: 'https://bakery.example/hours',
    })
    await registry.evidence.record(site.id, ['finding'], [fact])
    const input = {
      site: site.id,
      brief: 'br_0123456789abcdef',
      language: 'en',
      region: null,
      requestedBy: null,
    }
    const { id } = await registry.drafts.request(input)
    const claims = [{ text: 'Rye rises in 6 hours.', evidence: [fact.id] }]
    const content = { title, description: 'Rye.', sections: [{ heading: 'Hours', claims }] }
    const draft = await registry.drafts.change(id, { from: ['queued'], to: 'passed', content, refusals: [] })
    assert.ok(draft)
    return draft
  }

  /** The draft when its way into the CMS has ended. */
  const ended = ({ id }: Draft): Promise<Draft> =>
    eventually(
      'the end of the delivery',
      async () => {
        const draft = await opened.registry.drafts.get(id)
        return draft === null || draft.status === 'approved' ? undefined : draft
      },
      120_000,
    )
})

/** The post of a draft, as WordPress has it. */
const postOf = `
[$post] = get_posts(['post_status' => 'any', 'meta_key' => '_peerpress_draft', 'meta_value' => $input]);
echo json_encode([
    'id' => (string) $post->ID,
    'status' => $post->post_status,
    'title' => $post->post_title,
    'content' => $post->post_content,
    'html' => do_blocks($post->post_content),
    'approvedBy' => get_post_meta($post->ID, '_peerpress_draft_approved_by', true),
]);
`
