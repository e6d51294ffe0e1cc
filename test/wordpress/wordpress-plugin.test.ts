import assert from 'node:assert/strict'
import { after, before, beforeEach, suite, test } from 'node:test'
import { releasedPlugin } from '@peerpress/cli'
import { startWordPress } from '@peerpress/testbed'
import type { WordPress } from '@peerpress/testbed'
import { connectSite, openSettings } from './connect-site.ts'
import { startEventReceiver } from './event-receiver.ts'
import type { EventReceiver } from './event-receiver.ts'

suite('what the WordPress plugin tells the server', { timeout: 600_000 }, () => {
  let wordpress: WordPress
  let receiver: EventReceiver

  before(async () => {
    receiver = await startEventReceiver()
    wordpress = await startWordPress({ plugin: await releasedPlugin() })
    await connectSite(wordpress, { server: receiver.url, consent: 'assumed' })
  })
  after(async () => {
    await wordpress?.stop()
    await receiver?.goDown()
  })
  beforeEach(async () => {
    await wordpress.runCron()
    await wordpress.php(
      'PeerPress\\Delivery\\Outbox::clear(); PeerPress\\Delivery\\Pause::forget(); wp_unschedule_hook("peerpress_deliver");',
    )
    receiver.forget()
  })

  test('a published post is announced at once, signed, without anybody visiting the site', async () => {
    const post = await wordpress.publishPost({ title: 'First light' })
    const event = await receiver.next()
    assert.deepEqual(
      { type: event.type, post: event.post, url: event.url },
      { type: 'post.published', post: String(post.id), url: post.url },
    )
  })

  test('a later save is an update, and several saves in one request are one event', async () => {
    await saveInOneRequest('wp_update_post(["ID" => $id, "post_status" => "publish"]);')
    assert.deepEqual(typesReceived(), ['post.published'])
    const post = receiver.events[0]!.post
    await wordpress.php(
      'foreach ([1, 2, 3] as $n) wp_update_post(["ID" => $input, "post_title" => "Edit $n"]);',
      post,
    )
    await wordpress.runCron()
    assert.deepEqual(typesReceived(), ['post.published', 'post.updated'])
  })

  test('a post that was public only within one request is not mentioned', async () => {
    await saveInOneRequest(
      'wp_update_post(["ID" => $id, "post_status" => "publish"]); wp_update_post(["ID" => $id, "post_status" => "draft"]);',
    )
    assert.deepEqual(receiver.events, [])
  })

  test('while the server is down or refuses, the event is kept; it is delivered once, always with one id', async () => {
    await receiver.goDown()
    await wordpress.publishPost({ title: 'Into the dark' })
    await wordpress.runCron()
    const [kept] = await outbox()
    assert.equal(kept!.attempts, '1')
    assert.equal(kept!.delivered_at, null)
    assert.match(kept!.last_error!, /connect/i)
    const settings = await openSettings(wordpress.url, await wordpress.signIn())
    assert.match(settings, /The server does not answer[^<]*Next try in/)
    assert.match(settings, /Try again now/)
    assert.ok(kept!.next_attempt_at! > kept!.created_at!)

    await receiver.comeUp()
    receiver.answerWith(503)
    await retryNow()
    assert.match((await outbox())[0]!.last_error!, /HTTP 503/)
    receiver.answerWith(202)
    await retryNow()
    await retryNow()
    assert.deepEqual(
      receiver.events.map(({ id, status }) => [id, status]),
      [
        [kept!.event_id, 503],
        [kept!.event_id, 202],
      ],
    )
    assert.notEqual((await outbox())[0]!.delivered_at, null)
  })

  test('a post saved by a process that was killed right after is announced once after the restart', async () => {
    const save = `wp_insert_post(["post_title" => "Saved", "post_status" => "publish"]);`
    await assert.rejects(wordpress.php(`${save} posix_kill(posix_getpid(), SIGKILL);`), /SIGKILL/)
    await wordpress.restart()
    await wordpress.runCron()
    await retryNow()
    assert.deepEqual(typesReceived(), ['post.published'])
  })

  test('an event whose sender was killed is sent again with its id, but not before its claim ran out', async () => {
    receiver.answerWith('never')
    await wordpress.publishPost({ title: 'Interrupted' })
    const first = await receiver.next()
    await wordpress.stopHttp()
    receiver.answerWith(202)
    await wordpress.startHttp()
    await wordpress.php('delete_transient("doing_cron"); PeerPress\\Delivery\\Delivery::run();')
    assert.equal(receiver.events.length, 1)

    await retryNow()
    await retryNow()
    assert.deepEqual(
      receiver.events.map(({ id, status }) => [id, status]),
      [
        [first.id, 0],
        [first.id, 202],
      ],
    )
  })

  test('a save by XML-RPC is announced at once, and so is one by WP-CLI, though that starts no cron', async () => {
    await wordpress.php(
      'wp_insert_user(["user_login" => "remote", "user_pass" => "open sesame", "role" => "editor"]);',
    )
    const call = `<?xml version="1.0"?><methodCall><methodName>metaWeblog.newPost</methodName><params>
      <param><value><string>1</string></value></param>
      <param><value><string>remote</string></value></param>
      <param><value><string>open sesame</string></value></param>
      <param><value><struct><member><name>title</name><value><string>By remote</string></value></member></struct></value></param>
      <param><value><boolean>1</boolean></value></param></params></methodCall>`
    const answer = await fetch(`${wordpress.url}/xmlrpc.php`, { method: 'POST', body: call })
    assert.match(await answer.text(), /<methodResponse>\s*<params>/)
    const first = await receiver.next()
    assert.match(first.url, /\/by-remote\/$/)

    await wordpress.php(
      'define("WP_CLI", true); wp_insert_post(["post_title" => "By command", "post_status" => "publish"]);',
    )
    assert.match(receiver.events.at(-1)!.url, /\/by-command\/$/)
    assert.deepEqual(typesReceived(), ['post.published', 'post.published'])
  })

  test('cron entries that were deleted come back with an ordinary request', async () => {
    await wordpress.php('PeerPress\\Delivery\\Outbox::add("post.published", 1, "https://a.test/1");')
    await wordpress.php('delete_option("peerpress_checked"); delete_option("cron");')
    await fetch(`${wordpress.url}/`)
    await wordpress.runCron()
    assert.deepEqual(typesReceived(), ['post.published'])
  })

  test('a backfill whose process was killed goes on, each post once', async () => {
    await wordpress.php(`
      global $wpdb;
      $wpdb->query("UPDATE $wpdb->posts SET post_status = 'draft'");
      wp_defer_term_counting(true);
      for ($n = 1; $n <= 30; $n++) wp_insert_post(["post_title" => "Old $n", "post_status" => "publish"]);
      PeerPress\\Delivery\\Outbox::clear();
      PeerPress\\Posts\\Backfill::all();
    `)
    const killed = `$GLOBALS['seen'] = 0;
      add_filter('peerpress_publish_post', function () {
        if (++$GLOBALS['seen'] > 12) posix_kill(posix_getpid(), SIGKILL);
        return true;
      });
      PeerPress\\Posts\\Backfill::run();`
    await assert.rejects(wordpress.php(killed), /SIGKILL/)
    // As if the claim of the killed process had run out, and the hold of the events that it wrote.
    await wordpress.php(`
      global $wpdb;
      $wpdb->query('UPDATE wp_peerpress_outbox SET next_attempt_at = UTC_TIMESTAMP()');
      foreach (wp_load_alloptions() as $name => $value) {
        if (0 === strpos($name, 'peerpress_search_')) {
          update_option($name, preg_replace('/"until":\\d+/', '"until":1', $value));
        }
      }
      delete_option('peerpress_checked');
      wp_unschedule_hook('peerpress_backfill');
    `)
    await fetch(`${wordpress.url}/`)
    await wordpress.runCron()
    assert.equal(receiver.events.length, 30)
    assert.equal(new Set(receiver.events.map(({ post }) => post)).size, 30)
  })

  test('two runs at once send no event twice', async () => {
    await wordpress.php(
      'for ($n = 1; $n <= 40; $n++) PeerPress\\Delivery\\Outbox::add("post.published", $n, "https://a.test/$n");',
    )
    const run = 'PeerPress\\Delivery\\Delivery::run();'
    await Promise.all([wordpress.php(run), wordpress.php(run), wordpress.php(run)])
    assert.equal(receiver.events.length, 40)
    assert.equal(new Set(receiver.events.map(({ id }) => id)).size, 40)
  })

  test('drafts, pending, private and password-protected posts never leave, autosaves included', async () => {
    for (const status of ['draft', 'pending', 'private']) {
      const { id } = await wordpress.publishPost({ title: `A ${status}`, status })
      await wordpress.php(
        'wp_update_post(["ID" => $input, "post_title" => "Again"]); wp_trash_post($input);',
        id,
      )
    }
    const secret = await wordpress.publishPost({ title: 'A secret', password: 'open sesame' })
    await wordpress.php(autosave, secret.id)
    await wordpress.php('wp_update_post(["ID" => $input, "post_status" => "draft"]);', secret.id)
    await wordpress.php('wp_delete_post($input, true);', secret.id)
    await wordpress.runCron()
    assert.deepEqual(receiver.requests, [])
    assert.deepEqual(await outbox(), [])
  })

  test('a scheduled post is announced when its time has come, not before', async () => {
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 19)
    const post = await wordpress.publishPost({ title: 'Tomorrow', status: 'future', date: tomorrow })
    await wordpress.runCron()
    assert.deepEqual(receiver.requests, [])

    await wordpress.php(letTimeCome, post.id)
    await wordpress.runCron()
    const event = await receiver.next()
    assert.equal(event.type, 'post.published')
    assert.match(event.url, /\/tomorrow\/$/)
  })

  const endings = {
    'moved to the trash': 'wp_trash_post($input);',
    'made a draft again': 'wp_update_post(["ID" => $input, "post_status" => "draft"]);',
    'made private': 'wp_update_post(["ID" => $input, "post_status" => "private"]);',
    'given a password': 'wp_update_post(["ID" => $input, "post_password" => "hush"]);',
  }
  for (const [ending, script] of Object.entries(endings)) {
    test(`a post ${ending} is unpublished under the address readers knew`, async () => {
      const post = await wordpress.publishPost({ title: `Soon ${ending}` })
      await receiver.next()
      await wordpress.php(script, post.id)
      await wordpress.runCron()
      await wordpress.php('wp_delete_post($input, true);', post.id)
      await wordpress.runCron()
      assert.deepEqual(typesReceived(), ['post.published', 'post.unpublished'])
      assert.equal(receiver.events[1]!.url, post.url)
    })
  }

  test('a public post deleted for good is reported as deleted', async () => {
    const post = await wordpress.publishPost({ title: 'Short life' })
    await receiver.next()
    await wordpress.php('wp_delete_post($input, true);', post.id)
    await wordpress.runCron()
    assert.deepEqual(typesReceived(), ['post.published', 'post.deleted'])
  })

  test('none of this made PHP or WordPress complain', async () => {
    assert.deepEqual(await wordpress.notices(), [])
  })

  const typesReceived = (): string[] => receiver.events.map(({ type }) => type)

  const saveInOneRequest = async (script: string): Promise<void> => {
    await wordpress.php(`$id = wp_insert_post(["post_title" => "One", "post_status" => "draft"]); ${script}`)
    await wordpress.runCron()
  }

  /** As if the pause before the next try, and WordPress's own lock of a minute, were over. */
  const retryNow = async (): Promise<void> => {
    await wordpress.php(`
      global $wpdb;
      delete_transient('doing_cron');
      PeerPress\\Delivery\\Pause::forget();
      $wpdb->query('UPDATE wp_peerpress_outbox SET next_attempt_at = UTC_TIMESTAMP() WHERE delivered_at IS NULL');
      wp_unschedule_hook('peerpress_deliver');
      wp_schedule_single_event(time() - 1, 'peerpress_deliver');
    `)
    await wordpress.runCron()
  }

  const outbox = async (): Promise<Record<string, string | null>[]> =>
    JSON.parse(
      await wordpress.php(
        'global $wpdb; echo json_encode($wpdb->get_results("SELECT * FROM wp_peerpress_outbox ORDER BY id"));',
      ),
    )
})

const autosave = `
require_once ABSPATH . 'wp-admin/includes/post.php';
wp_set_current_user(1);
wp_create_post_autosave(['post_ID' => $input, 'post_title' => 'Half a thought', 'content' => 'x', 'post_type' => 'post']);
`

const letTimeCome = `
global $wpdb;
$past = gmdate('Y-m-d H:i:s', time() - 5);
$wpdb->update($wpdb->posts, ['post_date' => $past, 'post_date_gmt' => $past], ['ID' => $input]);
clean_post_cache($input);
wp_clear_scheduled_hook('publish_future_post', [$input]);
wp_schedule_single_event(time() - 5, 'publish_future_post', [$input]);
`
