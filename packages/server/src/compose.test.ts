import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { openRegistry, type SiteCredentials } from '@peerpress/registry'
import { encodeBase64Url, encodeTrackerMessage, joinStatement } from '@peerpress/wire'
import { startServer } from './compose.ts'
import { readConfig } from './config/config.ts'

/** Starts a server in this process; it ends with the test. */
async function start(t: TestContext, data: string, environment: Readonly<Record<string, string>> = {}) {
  const config = readConfig({
    PEERPRESS_PORT: '0',
    PEERPRESS_DATA: data,
    PEERPRESS_CHROMIUM_PATH: 'none',
    ...environment,
  })
  const server = await startServer(config)
  t.after(() => server.close())
  return server
}

async function newData(t: TestContext): Promise<string> {
  const data = await mkdtemp(join(tmpdir(), 'peerpress-roles-'))
  t.after(() => rm(data, { recursive: true, force: true, maxRetries: 5 }))
  return data
}

const textOf = async (url: string) => (await fetch(url)).text()
const statusOf = async (url: string, method = 'GET') => (await fetch(url, { method })).status

describe('roles of a server', { timeout: 300_000 }, () => {
  test('a server that runs the tracker alone opens no store and answers nothing else', async (t) => {
    const data = await newData(t)
    const server = await start(t, data, { PEERPRESS_ROLES: 'tracker' })
    assert.equal(await textOf(`${server.url}/readyz`), 'ready\n')
    const metrics = await textOf(`${server.url}/metrics`)
    assert.match(metrics, /^peerpress_role_up\{role="tracker"\} 1$/m)
    assert.match(metrics, /^peerpress_tracker_events_total/m)
    assert.doesNotMatch(metrics, /role="collector"|peerpress_beacons_total/)
    const ticket = await fetch(`${server.url}/v1/ticket?site=abcdefgh01234567&post=1`)
    assert.equal(((await ticket.json()) as { code: string }).code, 'unknown-site')
    assert.equal(await statusOf(`${server.url}/v1/beacon`, 'POST'), 404)
    assert.equal(await statusOf(`${server.url}/graphql`, 'POST'), 404)
    assert.equal(existsSync(join(data, 'store')), false)
    await server.close()
    // Neither the same roles nor all of them miss what was never there.
    await (await start(t, data, { PEERPRESS_ROLES: 'tracker' })).close()
    const all = await start(t, data)
    assert.equal(await textOf(`${all.url}/readyz`), 'ready\n')
  })

  test('a role that cannot start leaves the others running, and shows', async (t) => {
    const data = await newData(t)
    // Where the collector's lock file would be.
    await mkdir(join(data, 'beacons', 'lock'), { recursive: true, mode: 0o700 })
    const { url } = await start(t, data, { PEERPRESS_PUBLIC_REPORTS: '1' })
    const ready = await fetch(`${url}/readyz`)
    assert.equal(ready.status, 503)
    assert.match(await ready.text(), /^not ready\ncollector: .*cannot be locked.*\n$/)
    const healthy = await fetch(`${url}/healthz`)
    assert.equal(healthy.status, 200)
    assert.match(await healthy.text(), /^ok\ncollector: .*cannot be locked/)
    const metrics = await textOf(`${url}/metrics`)
    assert.match(metrics, /^peerpress_role_up\{role="collector"\} 0$/m)
    for (const role of ['publisher', 'tracker', 'api', 'upkeep', 'watch', 'editorial'])
      assert.match(metrics, new RegExp(`^peerpress_role_up\\{role="${role}"\\} 1$`, 'm'))
    const beacon = await fetch(`${url}/v1/beacon`, { method: 'POST', body: '{}' })
    assert.deepEqual([beacon.status, beacon.headers.get('Retry-After')], [503, '10'])
    assert.equal(beacon.headers.get('Access-Control-Allow-Origin'), '*')
    const graph = await fetch(`${url}/graphql?query={__typename}`)
    assert.equal(graph.status, 200)
    const token = (await readFile(join(data, 'operator-token'), 'utf8')).trim()
    const backup = await fetch(`${url}/v1/backup`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}` },
    })
    assert.deepEqual(
      [backup.status, ((await backup.json()) as { code: string }).code],
      [503, 'role-unavailable'],
    )
  })

  test('a server none of whose roles can start does not start', async (t) => {
    const data = await newData(t)
    await mkdir(join(data, 'beacons', 'lock'), { recursive: true, mode: 0o700 })
    await assert.rejects(start(t, data, { PEERPRESS_ROLES: 'collector' }), /cannot be locked/)
  })

  test('a policy that is recorded closes the lines that it does not admit', async (t) => {
    const data = await newData(t)
    const connected = await prepareSite(join(data, 'registry'))
    const server = await start(t, data, { PEERPRESS_ROLES: 'tracker,publisher' })
    const { site } = connected
    const answer = await fetch(`${server.url}/v1/ticket?site=${site.id}&post=1&mode=full&consent=assumed`, {
      headers: { Origin: 'https://blog.example' },
    })
    const { ticket } = (await answer.json()) as { ticket: string }
    const line = new WebSocket(`${server.url.replace('http', 'ws')}/v1/tracker`)
    await once(line, 'open')
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const welcomed = once(line, 'message')
    line.send(
      encodeTrackerMessage({
        type: 'join',
        ticket,
        peer: publicKey.export({ format: 'jwk' }).x ?? '',
        signature: encodeBase64Url(new Uint8Array(sign(null, joinStatement(ticket), privateKey))),
      }),
    )
    await welcomed
    const closed = once(line, 'close')
    assert.equal(await sendPolicy(server.url, connected), 200)
    await closed
    const counts = await textOf(`${server.url}/metrics`)
    assert.match(counts, /^peerpress_tracker_events_total\{kind="policy-changed"\} 1$/m)
  })
})

/** A registry in the folder with a site that has one post. */
async function prepareSite(directory: string): Promise<SiteCredentials> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const registry = await openRegistry({ directory })
  const added = await registry.sites.add({
    url: 'https://blog.example',
    consent: 'assumed',
    allowPrivateAddresses: false,
  })
  const post = { post: '1', url: 'https://blog.example/1', version: 1, revoked: false, envelope: '{}' }
  await registry.posts.record({ ...post, site: added.site.id, assets: [] })
  await registry.close()
  return added
}

/** Sends the policy `off` as the site's plugin does; gives the status. */
async function sendPolicy(url: string, { site, webhookSecret }: SiteCredentials): Promise<number> {
  const body = JSON.stringify({ home_url: site.url, mode: 'off', consent: 'assumed' })
  const [id, time] = ['msg_policy', String(Math.floor(Date.now() / 1000))]
  const key = Buffer.from(webhookSecret.slice('whsec_'.length), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64')
  const answer = await fetch(`${url}/v1/sites/${site.id}/policy`, {
    method: 'POST',
    headers: { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': `v1,${signature}` },
    body,
  })
  return answer.status
}
