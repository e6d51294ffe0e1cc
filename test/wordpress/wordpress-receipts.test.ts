import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { graphqlClient } from '@peerpress/cli'
import {
  connectWordpress,
  launchChromium,
  type PublishedPost,
  sampleDirectory,
  sampleMedia,
  startWordPress,
  type WordPress,
} from '@peerpress/testbed'
import { decodeEnvelope, decodeManifest, type Manifest } from '@peerpress/wire'
import { eventually } from '../support/eventually.ts'
import { peerpress } from '../support/server/peerpress.ts'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'
import { copySite } from './copied-site.ts'
import { approveMove, changeAddress, makeMovable } from './move-site.ts'
import { openSettings, submitForm } from './connect-site.ts'
import { installZip } from './install-zip.ts'

interface ReceiptText {
  readonly state: string
  readonly text: string
  readonly retry: boolean
  readonly off: boolean
}

// One site with a real server, from the zip to the end of the connection: the tests run in order.
suite('a WordPress with the plugin from its zip, and its server', { timeout: 300_000 }, () => {
  let wordpress: WordPress
  let server: ServerProcess
  let post: PublishedPost
  let siteId: string
  const closers: (() => Promise<unknown>)[] = []

  before(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'peerpress-zip-'))
    closers.push(() => rm(folder, { recursive: true, force: true }))
    const zip = join(folder, 'peerpress.zip')
    await peerpress('plugin', '--out', zip)
    server = await startServerProcess()
    closers.push(() => server.close())
    wordpress = await startWordPress({ plugin: null })
    closers.push(() => wordpress.stop())
    await makeMovable(wordpress)
    await installZip(wordpress, zip)
  })
  after(async () => {
    for (const close of closers.toReversed()) await close()
  })

  test('the site connects, and its first post is published with its pictures', async () => {
    await connectWordpress(wordpress, { server: server.url, token: await server.token() })
    const { pictures } = await sampleMedia()
    post = await wordpress.publishPost({
      title: 'From the zip',
      pictures: pictures.slice(0, 2).map((name) => join(sampleDirectory, name)),
    })
    const client = graphqlClient(server.url, await server.token())
    const { sites } = await client.query<{ sites: { edges: { node: { siteId: string } }[] } }>(
      '{ sites(first: 2) { edges { node { siteId } } } }',
    )
    siteId = sites.edges[0]!.node.siteId
    const manifest = await eventually('the manifest', () => manifestOf(post))
    assert.equal(manifest.version, 1)
    assert.ok(post.media.every(({ url }) => manifest.assets.some((asset) => asset.url === url)))
  })

  test('its receipt says version and media; a failure says why and can be tried again', async () => {
    const receipt = await eventually('the receipt', async () => {
      await wordpress.php('PeerPress\\Admin\\Receipts::forget($input);', post.id)
      const found = await receiptOf(post)
      return found.state === 'published' ? found : undefined
    })
    const { assets } = (await manifestOf(post))!
    assert.equal(receipt.text, `Version 1, ${assets.length} media files`)
    assert.deepEqual([receipt.retry, receipt.off], [false, false])

    await server.stop()
    await wordpress.php('PeerPress\\Admin\\Receipts::forget($input);', post.id)
    assert.deepEqual((await receiptOf(post)).state, 'unknown')
    await wordpress.php('PeerPress\\Delivery\\Outbox::add("post.updated", $input[0], $input[1]);', [
      post.id,
      post.url,
    ])
    await wordpress.php('PeerPress\\Delivery\\Delivery::run();')
    const unsent = await receiptOf(post)
    assert.deepEqual([unsent.state, unsent.retry], ['failed', true])
    assert.match(unsent.text, /^Not sent yet: /)
    await server.restart()
    const { cookie, nonce } = await wordpress.signIn()
    const answer = await fetch(`${wordpress.url}/wp-json/peerpress/v1/posts/${post.id}/retry`, {
      method: 'POST',
      headers: { cookie, 'x-wp-nonce': nonce },
    })
    assert.deepEqual(await answer.json(), { queued: true })
    await wordpress.runCron()
    await wordpress.php('PeerPress\\Delivery\\Delivery::run();')
    await eventually('the receipt of the version', async () => {
      await wordpress.php('PeerPress\\Admin\\Receipts::forget($input);', post.id)
      return (await receiptOf(post)).state === 'published' ? true : undefined
    })
  })

  test('the panel beside the editor follows a new post to its version, and lists fill rows that Quick Edit replaced', async () => {
    const { cookies } = await wordpress.signIn()
    const browser = await launchChromium()
    try {
      const page = await browser.newPage()
      await page.setCookie(
        ...Object.entries(cookies).map(([name, value]) => ({ name, value, url: wordpress.url })),
      )
      await page.goto(`${wordpress.url}/wp-admin/post-new.php`)
      await page.waitForFunction(`window.wp?.data?.select('core/editor')?.getCurrentPostId() > 0`)
      await page.evaluate(`
        wp.data.dispatch('core/edit-post').openGeneralSidebar('edit-post/document')
        wp.data.dispatch('core/edit-post').toggleEditorPanelOpened('peerpress/peerpress')
      `)
      await page.waitForSelector('.peerpress-receipt .peerpress-state')
      await page.evaluate(`
        wp.data.dispatch('core/editor').editPost({ title: 'From the editor', status: 'publish' })
        wp.data.dispatch('core/editor').savePost().then(() => true)
      `)
      await wordpress.runCron()
      await page.waitForFunction(
        `document.querySelector('.peerpress-receipt .peerpress-state')?.textContent.startsWith('Version 1')`,
        { timeout: 60_000 },
      )
      // Quick Edit replaces the row of the list.
      await page.goto(`${wordpress.url}/wp-admin/edit.php`)
      await page.waitForSelector(`#post-${post.id} .peerpress-state`)
      await page.evaluate(`
        window.firstRow = document.querySelector('#post-${post.id}')
        inlineEditPost.edit(${post.id})
        inlineEditPost.save(${post.id})
      `)
      await page.waitForFunction(`!window.firstRow.isConnected`)
      await page.waitForSelector(`#post-${post.id} .peerpress-state`)
    } finally {
      await browser.close()
    }
  })

  test('a stranger and a user who may not edit the post get no receipt', async () => {
    const asked = await fetch(`${wordpress.url}/wp-json/peerpress/v1/receipts?posts[]=${post.id}`)
    assert.equal(asked.status, 401)
    const ofAnother = await wordpress.php(
      `wp_set_current_user(wp_insert_user(['user_login' => 'c', 'user_pass' => 'x', 'role' => 'contributor']));
      $request = new WP_REST_Request('GET', '/peerpress/v1/receipts');
      $request->set_query_params(['posts' => [$input]]);
      echo json_encode(rest_do_request($request)->get_data());`,
      post.id,
    )
    assert.deepEqual(JSON.parse(ofAnother), [])
  })

  test('Site Health finds the server, the clocks, the worker and cron in order', async () => {
    const results = await wordpress.php(
      `echo json_encode([PeerPress\\Admin\\SiteHealth::server(), PeerPress\\Admin\\SiteHealth::worker(), PeerPress\\Admin\\SiteHealth::cron()]);`,
    )
    for (const result of JSON.parse(results) as { status: string; label: string; description: string }[]) {
      assert.equal(result.status, 'good', `${result.label}: ${result.description}`)
    }
  })

  test('a copy of the site at another address sends nothing, and asks what it is', async () => {
    const copy = await copySite(wordpress, 'http://127.0.0.1:9899')
    const sent = await copy.php(
      `${countRequests} wp_trash_post($input); PeerPress\\Delivery\\Delivery::run(); echo $sent;`,
      post.id,
    )
    assert.equal(sent, '0')
    const notice = await copy.php(showNotices)
    assert.match(notice, /is paused[\s\S]*This is a copy[\s\S]*The site moved/)
    assert.ok(notice.includes(new URL(wordpress.url).host))
    assert.deepEqual(await manifestVersion(), [1, false])
  })

  test('a copy whose plugin does not know its first address is refused by the server, and then sends nothing', async () => {
    const copy = await copySite(wordpress, 'http://127.0.0.1:9898')
    const events = await copy.php(
      `${countRequests}
      $stored = get_option('peerpress_connection');
      unset($stored['home']);
      update_option('peerpress_connection', $stored);
      wp_trash_post($input);
      PeerPress\\Delivery\\Delivery::run();
      echo $sent, ' ';
      PeerPress\\Delivery\\Delivery::run();
      wp_trash_post($input);
      PeerPress\\Delivery\\Delivery::run();
      echo $sent;`,
      post.id,
    )
    assert.equal(events, '1 1')
    assert.match(await copy.php(showNotices), /does not know it at http:\/\/127\.0\.0\.1:9898/)
    assert.deepEqual(await manifestVersion(), [1, false])
    const uninstalled = await copy.php(
      `${countRequests} PeerPress\\Lifecycle::uninstall(); echo $sent, json_encode(get_option('peerpress_connection'));`,
    )
    assert.equal(uninstalled, '0false')
    assert.deepEqual(await manifestVersion(), [1, false])
  })

  test('a site that moved stays the same site at its new address, when the operator approves it', async () => {
    const moved = wordpress.url.replace('127.0.0.1', 'localhost')
    const token = await server.token()
    await changeAddress(wordpress, moved)
    const there = await approveMove(wordpress, { url: moved, server: server.url, token })
    assert.match(there.page, /Move <strong>127\.0\.0\.1:\d+<\/strong> to <strong>localhost:\d+<\/strong>/)
    assert.match(there.end, /peerpress-notice=moved$/)
    await wordpress.runCron()
    await eventually('the post at its new address', async () =>
      (await manifestOf(post))!.url.startsWith(moved) ? true : undefined,
    )

    await changeAddress(wordpress, wordpress.url)
    const back = await approveMove(wordpress, { url: wordpress.url, server: server.url, token })
    assert.match(back.end, /peerpress-notice=moved$/)
    await wordpress.runCron()
    await eventually('the post at its first address', async () =>
      (await manifestOf(post))!.url === post.url ? true : undefined,
    )
  })

  test('disconnecting has the posts revoked and their copies removed, and readers get no ticket', async () => {
    const assets = (await manifestOf(post))!.assets.map(({ id }) => id)
    for (const id of assets) assert.equal((await mirrored(id)).status, 200)
    const location = await submitForm(wordpress.url, await wordpress.signIn(), {
      action: 'peerpress_disconnect',
    })
    assert.match(location, /peerpress-notice=disconnected$/)
    assert.deepEqual(await ticketCode(), [403, 'disconnected'])
    await eventually('the revocation', async () => ((await manifestOf(post))!.revoked ? true : undefined))
    await eventually('the removal of the copies', async () => {
      const statuses = await Promise.all(assets.map(async (id) => (await mirrored(id)).status))
      return statuses.every((status) => status === 404 || status === 410) ? true : undefined
    })
    await eventually('the removal of the files', async () =>
      (await assetFiles()).length === 0 ? true : undefined,
    )
  })

  test('connecting again, as a signed-in administrator, makes it the same site, which publishes again', async () => {
    const administrator = { email: 'ada@example.org', password: 'correct horse battery' }
    const created = await fetch(`${server.url}/account/first`, {
      method: 'POST',
      headers: { origin: server.url, 'content-type': 'application/json' },
      body: JSON.stringify({ token: await server.token(), name: 'Ada', ...administrator }),
    })
    assert.equal(created.status, 200)
    await connectWordpress(wordpress, { server: server.url, ...administrator })
    await wordpress.php('wp_update_post(["ID" => $input, "post_title" => "Back again"]);', post.id)
    await wordpress.runCron()
    const manifest = await eventually('the next version', async () => {
      const latest = (await manifestOf(post))!
      return latest.revoked ? undefined : latest
    })
    assert.ok(manifest.assets.length >= post.media.length)
  })

  test('without the server, disconnecting ends the connection here and says what stays there', async () => {
    await server.stop()
    const admin = await wordpress.signIn()
    const location = await submitForm(wordpress.url, admin, { action: 'peerpress_disconnect' })
    assert.match(location, /peerpress-notice=disconnected-here$/)
    assert.match(
      await openSettings(wordpress.url, admin, '&peerpress-notice=disconnected-here'),
      /still has copies/,
    )
    await server.restart()
    assert.equal((await manifestOf(post))!.revoked, false)
  })

  test('deleting the plugin reports the end of the connection and leaves nothing here', async () => {
    await connectWordpress(wordpress, { server: server.url, token: await server.token() })
    await wordpress.php(`
      require_once ABSPATH . 'wp-admin/includes/plugin.php';
      deactivate_plugins('peerpress/peerpress.php');
    `)
    // In a process of its own, because a plugin that is not active is not loaded when it is deleted.
    await wordpress.php(`
      require_once ABSPATH . 'wp-admin/includes/plugin.php';
      require_once ABSPATH . 'wp-admin/includes/file.php';
      if (true !== delete_plugins(['peerpress/peerpress.php'])) { throw new RuntimeException('not deleted'); }
    `)
    assert.deepEqual(await ticketCode(), [403, 'disconnected'])
    const left = await wordpress.php(
      'global $wpdb; echo json_encode($wpdb->get_col("SELECT option_name FROM $wpdb->options WHERE option_name LIKE \'%peerpress%\'"));',
    )
    assert.deepEqual(JSON.parse(left), [])
  })

  test('none of this made PHP or WordPress complain', async () => {
    assert.deepEqual(await wordpress.notices(), [])
  })

  const receiptOf = async ({ id }: PublishedPost): Promise<ReceiptText> => {
    const { cookie, nonce } = await wordpress.signIn()
    const answer = await fetch(`${wordpress.url}/wp-json/peerpress/v1/receipts?posts[]=${id}`, {
      headers: { cookie, 'x-wp-nonce': nonce },
    })
    assert.equal(answer.status, 200)
    return ((await answer.json()) as ReceiptText[])[0]!
  }

  const manifestVersion = async (): Promise<[number, boolean]> => {
    const { version, revoked } = (await manifestOf(post))!
    return [version, revoked]
  }

  const mirrored = (id: string): Promise<Response> =>
    fetch(`${server.url}/v1/mirror/${id}`, { method: 'HEAD' })

  /** Files of assets in the server's data folder. */
  const assetFiles = async (): Promise<readonly string[]> => {
    const folder = join(server.dataDirectory, 'assets')
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name)
  }

  /** Status and code of a refused request for a ticket. */
  const ticketCode = async (): Promise<[number, string]> => {
    const answer = await fetch(`${server.url}/v1/ticket?site=${siteId}&post=${post.id}`, {
      headers: { origin: wordpress.url },
    })
    return [answer.status, ((await answer.json()) as { code: string }).code]
  }

  const manifestOf = async ({ id }: PublishedPost): Promise<Manifest | undefined> => {
    const answer = await fetch(`${server.url}/v1/sites/${siteId}/posts/${id}/manifest`)
    return answer.ok ? decodeManifest(decodeEnvelope(await answer.text()).payload) : undefined
  }
})

/** Counts the requests to other hosts and ports than WordPress's own. */
const countRequests = `
$sent = 0;
add_filter('pre_http_request', function ($answer, $arguments, $url) use (&$sent) {
    $sent += false === strpos($url, 'wp-cron.php') ? 1 : 0;
    return $answer;
}, 10, 3);
`

const showNotices = `
require_once ABSPATH . 'wp-admin/includes/admin.php';
wp_set_current_user(1);
do_action('admin_notices');
`
