import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, openSync, writeSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { graphqlClient, releasedPlugin } from '@peerpress/cli'
import { connectWordpress, startWordPress, type WordPress } from '@peerpress/testbed'
import { eventually } from '../support/eventually.ts'
import { ryeDraft, ryeRequest, seedBrief, withRecords } from '../support/server/seed-draft.ts'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'

const limits = { timeout: 600_000 }
const patience = 180_000

suite('kill -9 of the server while WordPress saves a draft', limits, () => {
  let server: ServerProcess
  let wordpress: WordPress
  /** Has a line once WordPress has begun to save the draft. */
  let begun: Socket
  /** A line in it lets WordPress end that. */
  let go: number | undefined

  before(async () => {
    server = await startServerProcess()
    wordpress = await startWordPress({ plugin: await releasedPlugin() })
    await connectWordpress(wordpress, { server: server.url, token: await server.token() })
    const folder = join(wordpress.directory, 'wp-content/mu-plugins')
    await mkdir(folder, { recursive: true })
    begun = new Socket({ fd: openPipe(join(folder, 'begun')), writable: false })
    go = openPipe(join(folder, 'go'))
    await writeFile(join(folder, 'slow.php'), slowPlugin)
  }, limits)
  after(async () => {
    begun?.destroy()
    if (go !== undefined) closeSync(go)
    await wordpress?.stop()
    await server?.close()
  })

  test('it is one post with the status draft, whatever the server heard of it', async () => {
    const client = graphqlClient(server.url, await server.token())
    const { sites } = await client.query<{ sites: { edges: { node: { siteId: string } }[] } }>(
      '{ sites(first: 1) { edges { node { siteId } } } }',
    )
    const site = sites.edges[0]?.node.siteId ?? assert.fail()
    await withRecords(server, async (registry) => {
      const seeded = await seedBrief(registry, site, 'http://127.0.0.1:9/v1')
      const { id } = await registry.drafts.request(ryeRequest(site, seeded))
      const content = ryeDraft(seeded.evidence)
      await registry.drafts.change(id, { from: ['queued'], to: 'passed', content })
      assert.ok(await registry.draftPosts.approve(id, 'Ada'))
    })
    await once(begun, 'data', { signal: AbortSignal.timeout(patience) })
    await server.kill()
    writeSync(go ?? assert.fail(), 'go\n')
    await server.restart()
    const saved = await eventually(
      'the end of the delivery',
      async () => {
        const answer = await client.query<{ site: Answer }>(query, { site })
        const [draft] = answer.site.drafts.edges.map(({ node }) => node)
        return draft?.status === 'APPROVED' ? undefined : draft
      },
      patience,
    )
    assert.deepEqual([saved.status, saved.problem, saved.approvedBy], ['IN_CMS', null, 'Ada'])
    const posts = JSON.parse(await wordpress.php(postsOfDrafts)) as unknown
    assert.deepEqual(posts, [['How long rye rises', 'draft']])
  })
})

interface Answer {
  readonly drafts: {
    readonly edges: readonly {
      readonly node: {
        readonly status: string
        readonly problem: string | null
        readonly approvedBy: string | null
      }
    }[]
  }
}

const query = `query($site: String!) { site(siteId: $site) {
  drafts(first: 2) { edges { node { status problem approvedBy } } }
} }`

/** Creates a named pipe and opens it for reading and writing, so that neither side waits for the other one to open it. */
function openPipe(file: string): number {
  execFileSync('mkfifo', [file])
  return openSync(file, constants.O_RDWR | constants.O_NONBLOCK)
}

/** Holds the first draft in the middle of its insertion, until a line comes. Only one process can take the name. */
const slowPlugin = `<?php
add_action('wp_insert_post', static function ($id, $post): void {
    if ('How long rye rises' !== $post->post_title || ! @rename(__DIR__ . '/begun', __DIR__ . '/taken')) return;
    file_put_contents(__DIR__ . '/taken', "begun\\n");
    fgets(fopen(__DIR__ . '/go', 'r'));
}, 10, 2);
`

const postsOfDrafts = `
echo json_encode(array_map(
    static fn ($post) => [$post->post_title, $post->post_status],
    get_posts(['post_status' => 'any', 'title' => 'How long rye rises', 'numberposts' => -1])
));`
