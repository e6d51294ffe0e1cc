import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { releasedPlugin } from '@peerpress/cli'
import { connectWordpress, startWordPress, type WordPress } from '@peerpress/testbed'
import { decodeEnvelope, decodeManifest } from '@peerpress/wire'
import { eventually } from '../support/eventually.ts'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'
import { queuePosts as count } from '../support/thorough.ts'
import { submitForm } from './connect-site.ts'

/** Editors who save at the same time. */
const editors = 2

suite('many posts, of which half are saved while the server is down', { timeout: 900_000 }, () => {
  let wordpress: WordPress
  let server: ServerProcess
  let site: string
  const closers: (() => Promise<unknown>)[] = []

  before(async () => {
    wordpress = await startWordPress({ plugin: await releasedPlugin() })
    closers.push(() => wordpress.stop())
    server = await startServerProcess()
    closers.push(() => server.close())
    await connectWordpress(wordpress, { server: server.url, token: await server.token() })
    site = await wordpress.php('echo PeerPress\\Server\\Connection::current()->site;')
  })
  after(async () => {
    for (const close of closers.toReversed()) await close()
  })

  test('are published once each, and no save contacts the server', async (t) => {
    const log = await logRequests()
    const begun = performance.now()
    const quarter = Math.floor(count / 4)
    const saves = await save(1, quarter)
    await server.kill()
    saves.push(...(await save(quarter + 1, quarter + Math.ceil(count / 2))))
    const [rest] = await Promise.all([save(quarter + Math.ceil(count / 2) + 1, count), server.restart()])
    saves.push(...rest)
    const times = saves.map(({ time }) => time).toSorted((a, b) => a - b)
    t.diagnostic(
      `${count} posts saved in ${seconds(performance.now() - begun)}: a save took ${times[count >> 1]?.toFixed()} ms (median), ` +
        `${times.at(-1)?.toFixed()} ms (longest)`,
    )
    assert.equal(saves.length, count)
    const own = `${wordpress.url}/wp-cron.php`
    const asked = (await readFile(log, 'utf8').catch(() => '')).split('\n')
    assert.deepEqual(
      asked.filter((url) => url !== '' && !url.startsWith(own)),
      [],
    )

    const back = performance.now()
    await submitForm(wordpress.url, await wordpress.signIn(), { action: 'peerpress_send_now' })
    await wordpress.runCron()
    assert.deepEqual(await outbox(), { events: count, posts: count, delivered: count })
    t.diagnostic(`delivered ${seconds(performance.now() - back)} after the server was back`)
    for (const { id } of saves) {
      const version = await eventually(`the manifest of post ${id}`, () => versionOf(id), 120_000)
      assert.equal(version, 1)
    }
    t.diagnostic(`published ${seconds(performance.now() - back)} after the server was back`)
    assert.deepEqual(await wordpress.notices(), [])
  })

  /** Saves posts as the block editor does; resolves with each post's id and how long the save took, ms. */
  const save = async (first: number, last: number): Promise<{ id: number; time: number }[]> => {
    const { cookie, nonce } = await wordpress.signIn()
    const headers = { cookie, 'x-wp-nonce': nonce, 'content-type': 'application/json' }
    const saved: { id: number; time: number }[] = []
    let next = first
    const edit = async (): Promise<void> => {
      while (next <= last) {
        const body = JSON.stringify({
          title: `Post ${next++}`,
          content: '<p>News.</p>',
          status: 'publish',
        })
        const begun = performance.now()
        const answer = await fetch(`${wordpress.url}/wp-json/wp/v2/posts`, { method: 'POST', headers, body })
        const { id } = (await answer.json()) as { id: number }
        saved.push({ id, time: performance.now() - begun })
      }
    }
    await Promise.all(Array.from({ length: editors }, edit))
    return saved
  }

  const versionOf = async (post: number): Promise<number | undefined> => {
    const answer = await fetch(`${server.url}/v1/sites/${site}/posts/${post}/manifest`)
    if (!answer.ok) return undefined
    return decodeManifest(decodeEnvelope(await answer.text()).payload).version
  }

  const outbox = async (): Promise<unknown> =>
    JSON.parse(
      await wordpress.php(`
        global $wpdb;
        echo json_encode(array_map('intval', (array) $wpdb->get_row('SELECT COUNT(*) AS events,
          COUNT(DISTINCT post_id) AS posts, COUNT(delivered_at) AS delivered FROM wp_peerpress_outbox')));
      `),
    )

  /** Logs each HTTP request that WordPress makes outside its cron; resolves with the log's path. */
  const logRequests = async (): Promise<string> => {
    const log = join(wordpress.directory, 'http-requests.log')
    const folder = join(wordpress.directory, 'wp-content/mu-plugins')
    await mkdir(folder, { recursive: true })
    await writeFile(
      join(folder, 'log-requests.php'),
      `<?php
      add_filter('pre_http_request', function ($answer, $arguments, $url) {
        if (! wp_doing_cron()) { file_put_contents('${log}', $url . "\\n", FILE_APPEND); }
        return $answer;
      }, 10, 3);`,
    )
    return log
  }
})

function seconds(time: number): string {
  return `${(time / 1000).toFixed(1)} s`
}
