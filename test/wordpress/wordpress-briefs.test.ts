import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { graphqlClient, releasedPlugin } from '@peerpress/cli'
import {
  connectWordpress,
  launchChromium,
  type PublishedPost,
  startWordPress,
  type WordPress,
} from '@peerpress/testbed'
import { eventually } from '../support/eventually.ts'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'

interface Answer {
  readonly site: {
    readonly briefsMadeAt: string | null
    readonly briefs: {
      readonly edges: { readonly node: { readonly question: string; readonly kind: string } }[]
    }
    readonly evidence: {
      readonly edges: { readonly node: { readonly title: string; readonly text: string } }[]
    }
  }
}

const base64 = (text: string) => Buffer.from(text).toString('base64')

suite('the briefs of a WordPress, from its posts to its block editor', { timeout: 300_000 }, () => {
  let wordpress: WordPress
  let server: ServerProcess
  let post: PublishedPost
  let siteId: string
  const closers: (() => Promise<unknown>)[] = []

  before(async () => {
    server = await startServerProcess()
    closers.push(() => server.close())
    wordpress = await startWordPress({ plugin: await releasedPlugin() })
    closers.push(() => wordpress.stop())
    await connectWordpress(wordpress, { server: server.url, token: await server.token() })
    post = await wordpress.publishPost({ title: 'Pruning old roses', pictures: [] })
  })
  after(async () => {
    for (const close of closers.toReversed()) await close()
  })

  test('a requested list has a brief for what people search, with the posts and uploads as evidence', async () => {
    const client = graphqlClient(server.url, await server.token())
    const { sites } = await client.query<{ sites: { edges: { node: { siteId: string } }[] } }>(
      '{ sites(first: 2) { edges { node { siteId } } } }',
    )
    siteId = sites.edges[0]!.node.siteId
    await wordpress.runCron()
    await eventually('the publication', async () => {
      const { site } = await client.query<{ site: { posts: { edges: unknown[] } } }>(
        `{ site(siteId: "${siteId}") { posts(first: 1) { edges { cursor } } } }`,
      )
      return site.posts.edges.length > 0 ? true : undefined
    })
    const queries =
      'Top queries,Clicks,Impressions,CTR,Position\nremove moss from a slate roof,2,6000,0.03%,18.4\n'
    await client.query(
      `mutation { searchQueriesImport(input: { siteId: "${siteId}", queriesFile: "${base64(queries)}", firstDay: "2026-02-02", lastDay: "2026-03-01" }) { queryCount } }`,
    )
    const notes = '<p>We remove moss from a <b>slate roof</b> for 380 EUR.</p><script>alert(1)</script>'
    await client.query(
      `mutation { evidenceUpload(input: { siteId: "${siteId}", name: "notes.html", format: TEXT, uploadFile: "${base64(notes)}" }) { upload { items } } }`,
    )
    await client.query(`mutation { briefsRequest(input: { siteId: "${siteId}" }) { site { siteId } } }`)
    const { briefs, evidence } = await eventually('the list', async () => {
      const { site } = await client.query<Answer>(
        `{ site(siteId: "${siteId}") { briefsMadeAt briefs { edges { node { question kind } } }
           evidence(sources: [POST, UPLOAD]) { edges { node { title text } } } } }`,
      )
      return site.briefsMadeAt === null ? undefined : site
    })
    assert.equal(briefs.edges[0]?.node.kind, 'QUERY_WITHOUT_PAGE')
    assert.match(briefs.edges[0].node.question, /remove moss from a slate roof/)
    assert.ok(evidence.edges.some(({ node }) => node.title === 'Pruning old roses'))
    const uploaded = evidence.edges.find(({ node }) => node.title === 'notes.html')
    assert.equal(uploaded?.node.text, 'We remove moss from a slate roof for 380 EUR.')
  })

  test('the block editor shows it beside a post, as text, and writes nothing into the post', async () => {
    const earlier = await contentOf(post)
    const { cookies } = await wordpress.signIn()
    const browser = await launchChromium()
    try {
      const page = await browser.newPage()
      await page.setCookie(
        ...Object.entries(cookies).map(([name, value]) => ({ name, value, url: wordpress.url })),
      )
      await page.goto(`${wordpress.url}/wp-admin/post.php?post=${post.id}&action=edit`)
      await page.waitForFunction(`window.wp?.data?.select('core/editor')?.getCurrentPostId() > 0`)
      await page.evaluate(`
        wp.data.dispatch('core/edit-post').openGeneralSidebar('edit-post/document')
        wp.data.dispatch('core/edit-post').toggleEditorPanelOpened('peerpress-briefs/peerpress-briefs')
      `)
      await page.waitForSelector('.peerpress-brief')
      const text = await page.$eval('.peerpress-brief', (panel) => panel.textContent)
      assert.match(text, /remove moss from a slate roof/)
      assert.match(text, /380 EUR/)
      assert.match(text, /Remove moss from a slate roof \(\d+ px\)/)
      assert.equal(await page.$('.peerpress-brief script'), null)
    } finally {
      await browser.close()
    }
    assert.equal(await contentOf(post), earlier)
  })

  test('a stranger and a contributor get no briefs', async () => {
    assert.equal((await fetch(`${wordpress.url}/wp-json/peerpress/v1/briefs`)).status, 401)
    const status = await wordpress.php(
      `wp_set_current_user(wp_insert_user(['user_login' => 'c', 'user_pass' => 'x', 'role' => 'contributor']));
      echo rest_do_request(new WP_REST_Request('GET', '/peerpress/v1/briefs'))->get_status();`,
    )
    assert.equal(status, '403')
    const unsigned = await fetch(`${server.url}/v1/sites/${siteId}/briefs`, { method: 'POST', body: '{}' })
    assert.equal(unsigned.status, 401)
  })

  test('a server that does not answer is said so', async () => {
    await server.stop()
    await wordpress.php('PeerPress\\Admin\\Briefs::forget();')
    const status = await wordpress.php(
      `wp_set_current_user(1);
      echo rest_do_request(new WP_REST_Request('GET', '/peerpress/v1/briefs'))->get_status();`,
    )
    assert.equal(status, '502')
  })

  const contentOf = (of: PublishedPost) =>
    wordpress.php('echo get_post($input)->post_content . get_post($input)->post_title;', of.id)
})
