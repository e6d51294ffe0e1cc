import assert from 'node:assert/strict'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { releasedPlugin } from '@peerpress/cli'
import { startWordPress } from '@peerpress/testbed'
import type { PublishedPost, WordPress } from '@peerpress/testbed'
import { decodePageConfig, pageConfigElementId } from '@peerpress/wire'
import type { PageConfig } from '@peerpress/wire'
import { connectSite, openSettings, submitForm } from './connect-site.ts'
import { startEventReceiver } from './event-receiver.ts'
import type { EventReceiver } from './event-receiver.ts'

// One site from its first day with the plugin to its last: the tests run in order.
suite('the WordPress plugin on a site and its pages', { timeout: 600_000 }, () => {
  let wordpress: WordPress
  let receiver: EventReceiver
  let post: PublishedPost

  before(async () => {
    receiver = await startEventReceiver()
    wordpress = await startWordPress({ plugin: await releasedPlugin() })
    post = await wordpress.publishPost({ title: 'From before' })
  })
  after(async () => {
    await wordpress?.stop()
    await receiver?.goDown()
  })

  test('before the owner connects, nothing is chosen, nothing is printed and nobody is contacted', async () => {
    const settings = await openSettings(wordpress.url, await wordpress.signIn())
    for (const policy of ['assumed', 'notice', 'required'])
      assert.match(settings, new RegExp(`value="${policy}"`))
    assert.doesNotMatch(settings.slice(settings.indexOf('peerpress-choices')), /checked/)
    assert.equal(await configOf(post.url), null)
    assert.equal((await fetch(workerUrl())).status, 404)
    await wordpress.runCron()
    assert.deepEqual(receiver.requests, [])
  })

  test('an answer with a wrong state is refused, and so is one without a connection that was begun', async () => {
    const admin = await wordpress.signIn()
    const unasked = await openSettings(wordpress.url, admin, '&code=stolen&state=')
    assert.match(unasked, /does not belong to a connection you began/)
    await submitForm(wordpress.url, admin, {
      action: 'peerpress_connect',
      server: receiver.url,
      consent: 'required',
    })
    const forged = await openSettings(wordpress.url, admin, '&code=stolen&state=forged')
    assert.match(forged, /does not belong to a connection you began/)
    assert.deepEqual(receiver.requests, [])
    assert.equal(await configOf(post.url), null)
  })

  test('the form is refused without a nonce, without a consent policy and with an address that is none', async () => {
    const admin = await wordpress.signIn()
    const bare = await fetch(`${wordpress.url}/wp-admin/admin-post.php`, {
      method: 'POST',
      headers: { cookie: admin.cookie },
      body: new URLSearchParams({ action: 'peerpress_connect', server: receiver.url, consent: 'assumed' }),
    })
    assert.equal(bare.status, 403)
    const action = 'peerpress_connect'
    const noPolicy = await submitForm(wordpress.url, admin, { action, server: receiver.url })
    assert.match(noPolicy, /peerpress-notice=no-consent-policy/)
    for (const server of ['', 'javascript:alert(1)', 'https://user:pass@host.test', 'ftp://host.test']) {
      const refused = await submitForm(wordpress.url, admin, { action, server, consent: 'assumed' })
      assert.match(refused, /peerpress-notice=bad-address/)
    }
  })

  test('connecting and publishing the existing posts announces what is public', async () => {
    await wordpress.publishPost({ title: 'A draft from before', status: 'draft' })
    const page = await connectSite(wordpress, { server: receiver.url, consent: 'required' })
    assert.match(page, /Connected\./)
    assert.match(page, /Ask first: a reader/)
    const location = await submitForm(wordpress.url, await wordpress.signIn(), {
      action: 'peerpress_publish_existing',
    })
    assert.match(location, /peerpress-notice=queued/)
    await wordpress.runCron()
    const urls = receiver.events.map(({ url }) => new URL(url).pathname)
    // WordPress itself puts two of these into a new site.
    assert.deepEqual(urls.toSorted(), ['/from-before/', '/hello-world/', '/sample-page/'])
    assert.match(await openSettings(wordpress.url, await wordpress.signIn()), /Last delivery[\s\S]*ago/)
  })

  test('a reader’s page carries a configuration that the loader accepts, with the id of its one post', async () => {
    const config = await configOf(post.url)
    assert.equal(config?.post, String(post.id))
    assert.equal(config.server, receiver.url)
    assert.equal(config.consent, 'required')
    assert.equal(config.worker, workerUrl())
    assert.equal(config.mode, 'full')
    assert.equal(config.control, 0.05)
    for (const script of Object.values(config.scripts)) {
      const answer = await fetch(script)
      assert.equal(answer.status, 200)
      assert.match(answer.headers.get('content-type') ?? '', /javascript/)
    }
    const html = await htmlOf(post.url)
    const [, loader] = /<script src="([^"]*loader\.js[^"]*)" defer/.exec(html) ?? []
    assert.equal((await fetch(loader!)).status, 200)
    // What the page itself shows is asked for first.
    assert.match(html, /<\/main>[\s\S]*peerpress-config[\s\S]*loader\.js/)
  })

  test('the owner chooses the share that is compared with, and who helps readers', async () => {
    const admin = await wordpress.signIn()
    const action = 'peerpress_assistance'
    for (const control of ['51', '-1', 'x', '']) {
      const refused = await submitForm(wordpress.url, admin, { action, control, mode: 'full' })
      assert.match(refused, /peerpress-notice=bad-control/)
    }
    for (const mode of ['', 'everybody'])
      assert.match(
        await submitForm(wordpress.url, admin, { action, control: '20', mode }),
        /peerpress-notice=bad-mode/,
      )
    const unknown = { action, control: '20', mode: 'full', consent: 'never' }
    assert.match(await submitForm(wordpress.url, admin, unknown), /peerpress-notice=no-consent-policy/)
    receiver.forget()
    const policies = [
      { mode: 'off', consent: 'required' },
      { mode: 'seeds-only', consent: 'assumed' },
      { mode: 'full', consent: 'required' },
    ]
    for (const policy of policies) {
      const saved = await submitForm(wordpress.url, admin, { action, control: '20', ...policy })
      assert.match(saved, /peerpress-notice=saved$/)
      const config = (await configOf(post.url))!
      assert.deepEqual([config.mode, config.consent, config.control], [policy.mode, policy.consent, 0.2])
    }
    // The server hears of each at once, with the request that saved it.
    assert.deepEqual(receiver.policies, policies)
    await submitForm(wordpress.url, admin, { action, control: '0', mode: 'full' })
    assert.equal((await configOf(post.url))?.control, 0)
  })

  test('a post that its author keeps out is taken back from the server and measured only', async () => {
    const { cookie, nonce } = await wordpress.signIn()
    const postId = String(post.id)
    const editor = await htmlOf(`${wordpress.url}/wp-admin/post.php?post=${postId}&action=edit`, { cookie })
    assert.match(editor, /admin\/receipts\.js/)
    assert.match(editor, /admin\/editor\.js/)
    const headers = { cookie, 'x-wp-nonce': nonce, 'content-type': 'application/json' }
    const call = async (path: string, body: object): Promise<unknown> => {
      const answer = await fetch(`${wordpress.url}/wp-json${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      })
      assert.equal(answer.status, 200)
      return answer.json()
    }
    const set = async (off: boolean, eventType: string): Promise<void> => {
      receiver.forget()
      assert.deepEqual(await call(`/peerpress/v1/posts/${postId}/switch`, { off }), { off })
      await wordpress.runCron()
      assert.deepEqual(
        receiver.events.map(({ type }) => type),
        [eventType],
      )
    }
    await set(true, 'post.unpublished')
    assert.equal((await configOf(post.url))?.post, null)

    // A tab that was opened before saves: the block editor sends all fields, release 0.1 sent its form.
    receiver.forget()
    await call(`/wp/v2/posts/${postId}?_locale=user`, {
      title: 'From before',
      meta: { _peerpress_off: false },
    })
    await fetch(`${wordpress.url}/wp-admin/post.php`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie },
      body: new URLSearchParams({
        action: 'editpost',
        post_ID: postId,
        _wpnonce: /name="_wpnonce" value="([^"]+)"/.exec(editor)?.[1] ?? '',
        post_title: 'From before',
      }),
    })
    await wordpress.runCron()
    assert.deepEqual(receiver.events, [])
    assert.equal((await configOf(post.url))?.post, null)

    await set(false, 'post.published')
    assert.equal((await configOf(post.url))?.post, String(post.id))
  })

  test('a page that is no single public post carries a configuration without a post', async () => {
    const secret = await wordpress.publishPost({ title: 'A secret', password: 'open sesame' })
    const pages = [wordpress.url, `${wordpress.url}/?s=before`, `${wordpress.url}/no-such-page/`, secret.url]
    for (const url of pages) assert.equal((await configOf(url))?.post, null, url)
  })

  test('signed-in users, feeds, embeds and the REST API see nothing of it', async () => {
    const { cookie } = await wordpress.signIn()
    assert.ok(!(await htmlOf(post.url, { cookie })).includes('peerpress-config'))
    for (const path of ['/feed/', '/from-before/embed/', '/wp-json/wp/v2/posts']) {
      assert.ok(!(await htmlOf(wordpress.url + path)).includes('peerpress-config'), path)
    }
  })

  test('the site’s own code decides what is published and may change the configuration', async () => {
    const remove = await addCode(
      'filters',
      `add_filter('peerpress_publish_post', '__return_false');
      add_filter('peerpress_page_config', function ($config) { $config['control'] = 0.25; return $config; });`,
    )
    const config = await configOf(post.url)
    assert.equal(config?.post, null)
    assert.equal(config.control, 0.25)
    await remove()
  })

  test('no page waits for the server: an event that is due is left to cron', async () => {
    const log = join(wordpress.directory, 'http-requests.log')
    const remove = await addCode(
      'log-requests',
      `add_filter('pre_http_request', function ($answer, $arguments, $url) {
        if (! wp_doing_cron()) { file_put_contents('${log}', $url . "\\n", FILE_APPEND); }
        return $answer;
      }, 10, 3);`,
    )
    await wordpress.runCron()
    await receiver.goDown()
    await wordpress.php(
      'PeerPress\\Delivery\\Outbox::add("post.updated", $input["id"], $input["url"]);',
      post,
    )
    for (const url of [post.url, wordpress.url, workerUrl()]) await htmlOf(url)
    const asked = await readFile(log, 'utf8').catch(() => '')
    // WordPress's own call to itself, when some entry of its cron is due, is the only one there may be.
    assert.deepEqual(
      asked.split('\n').filter((url) => url !== '' && !url.startsWith(`${wordpress.url}/wp-cron.php`)),
      [],
    )
    await receiver.comeUp()
    await remove()
  })

  test('the worker is served at the home address for the whole site, and answered 304 when unchanged', async () => {
    const answer = await fetch(workerUrl())
    assert.equal(answer.status, 200)
    assert.match(answer.headers.get('content-type')!, /^text\/javascript/)
    assert.equal(answer.headers.get('service-worker-allowed'), '/')
    assert.equal(answer.headers.get('cache-control'), 'no-cache')
    const shipped = join(wordpress.directory, 'wp-content/plugins/peerpress/assets/worker.js')
    assert.equal(await answer.text(), await readFile(shipped, 'utf8'))
    const etag = answer.headers.get('etag')!
    const again = await fetch(workerUrl(), { headers: { 'if-none-match': etag } })
    assert.equal(again.status, 304)
    assert.equal(await again.text(), '')
  })

  test('after disconnecting, pages carry nothing, the worker is gone and nothing is sent', async () => {
    const admin = await wordpress.signIn()
    await submitForm(wordpress.url, admin, { action: 'peerpress_disconnect' })
    receiver.forget()
    assert.equal(await configOf(post.url), null)
    assert.equal((await fetch(workerUrl())).status, 404)
    await wordpress.publishPost({ title: 'On its own again' })
    await wordpress.runCron()
    assert.deepEqual(receiver.requests, [])
  })

  test('where readers are told first, pages carry the notice in the site’s language and its script', async () => {
    await connectSite(wordpress, { server: receiver.url, consent: 'notice' })
    const remove = await addCode(
      'translation',
      `add_filter('gettext_peerpress', fn ($text, $source) => 'No thanks' === $source ? 'Nein </script>' : $text, 10, 2);`,
    )
    const config = await configOf(post.url)
    assert.equal(config?.consent, 'notice')
    assert.equal(config.notice?.refuse, 'Nein </script>')
    assert.match(config.notice?.text ?? '', /your IP address/)
    const script = await fetch(config.notice?.script ?? '')
    assert.match(await script.text(), /export/)
    await remove()
    await submitForm(wordpress.url, await wordpress.signIn(), { action: 'peerpress_disconnect' })
  })

  test('deleting the plugin leaves no option, no table, no transient and no cron entry', async () => {
    await connectSite(wordpress, { server: receiver.url, consent: 'assumed' })
    await wordpress.publishPost({ title: 'One last event' })
    const admin = await wordpress.signIn()
    await submitForm(wordpress.url, admin, { action: 'peerpress_publish_existing' })
    await wordpress.runCron()
    assert.match(await traces(), /peerpress_connection.*peerpress_outbox.*peerpress_sweep/)
    await wordpress.php(`
      require_once ABSPATH . 'wp-admin/includes/plugin.php';
      require_once ABSPATH . 'wp-admin/includes/file.php';
      deactivate_plugins('peerpress/peerpress.php');
      $deleted = delete_plugins(['peerpress/peerpress.php']);
      if (true !== $deleted) { throw new RuntimeException('not deleted'); }
    `)
    assert.equal(await traces(), '')
    assert.equal(await configOf(post.url), null)
  })

  test('none of this made PHP or WordPress complain', async () => {
    assert.deepEqual(await wordpress.notices(), [])
  })

  const workerUrl = (): string => `${wordpress.url}/?peerpress=worker`

  const htmlOf = async (url: string, headers: Record<string, string> = {}): Promise<string> =>
    (await fetch(url, { headers })).text()

  const configOf = async (url: string): Promise<PageConfig | null> => {
    const element = new RegExp(`<script [^>]*id="${pageConfigElementId}"[^>]*>([^<]*)</script>`)
    const json = element.exec(await htmlOf(url))?.[1]
    return json === undefined ? null : decodePageConfig(json)
  }

  /** Adds PHP code as a site's developer does; gives what removes it. */
  const addCode = async (name: string, code: string): Promise<() => Promise<void>> => {
    const folder = join(wordpress.directory, 'wp-content/mu-plugins')
    await mkdir(folder, { recursive: true })
    const file = join(folder, `${name}.php`)
    await writeFile(file, `<?php\n${code}\n`)
    return () => rm(file)
  }

  /** Everything in the database that bears the plugin's name, but posts and the list of active plugins. */
  const traces = (): Promise<string> =>
    wordpress.php(`
      global $wpdb;
      $names = $wpdb->get_col("SELECT option_name FROM $wpdb->options WHERE option_name LIKE '%peerpress%'");
      $tables = $wpdb->get_col("SHOW TABLES LIKE '%peerpress%'");
      $meta = $wpdb->get_col("SELECT meta_key FROM $wpdb->postmeta WHERE meta_key LIKE '%peerpress%'");
      $hooks = [];
      foreach (_get_cron_array() as $events) { $hooks = array_merge($hooks, array_keys($events)); }
      $hooks = preg_grep('/peerpress/', $hooks);
      echo implode(' ', array_merge($names, $tables, $meta, $hooks));
    `)
})
