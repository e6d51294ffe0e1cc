import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type GraphqlClient, graphqlClient } from '@peerpress/cli'
import { type CommunitySeedState, startCommunitySeed } from '@peerpress/seed'
import { type PublishedSite, publishSampleSite, samplePostId } from '@peerpress/testbed'
import { Webhook } from 'standardwebhooks'
import { addSite } from '../support/server/add-site.ts'
import { makeSeedToken } from '../support/server/seed-token.ts'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'

const hour = 3_600_000

describe('what a lent seed stores', { timeout: 400_000 }, () => {
  let server: ServerProcess
  let client: GraphqlClient
  let getter: PublishedSite
  let owner: string
  let token: string
  let root: string

  before(async () => {
    server = await startServerProcess()
    client = graphqlClient(server.url, await server.token())
    getter = await publishSampleSite({ url: server.url, client })
    owner = (await addSite(server, 'http://127.0.0.1:9/')).siteId
    token = await makeSeedToken(server, owner)
    root = await mkdtemp(join(tmpdir(), 'peerpress-leases-'))
  })
  after(async () => {
    await getter.close()
    await server.close()
    await rm(root, { recursive: true, force: true })
  })

  test('is deleted when its lease ends without word from the server', async (t) => {
    const seed = await lentSeed('lease')
    t.after(() => seed.stop())
    await server.kill()
    t.after(() => server.restart())
    seed.advance(hour / 2)
    await seed.refreshed()
    assert.equal(seed.state().posts.length, 1)
    seed.advance(hour)
    await seed.when(({ posts }) => posts.length === 0)
    assert.deepEqual(await readdir(seed.chunks), [])
  })

  test('is deleted when the site withdraws the post, long before its lease ends', async (t) => {
    const seed = await lentSeed('withdrawn')
    t.after(() => seed.stop())
    await withdraw()
    await seed.when(({ posts }) => posts.length === 0)
    assert.deepEqual(await readdir(seed.chunks), [])
  })

  /** Sends the signed event of a post that is no longer published. */
  async function withdraw(): Promise<void> {
    const { webhookSecretRotate } = await client.query<{ webhookSecretRotate: { secret: string } }>(
      'mutation($input: WebhookSecretRotateInput!) { webhookSecretRotate(input: $input) { secret } }',
      { input: { siteId: getter.siteId } },
    )
    const [id, at] = [randomUUID(), new Date()]
    const body = JSON.stringify({
      type: 'post.unpublished',
      timestamp: at.toISOString(),
      home_url: getter.postUrl,
      data: { post: samplePostId, url: getter.postUrl },
    })
    const response = await fetch(`${server.url}/v1/sites/${getter.siteId}/events`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook(webhookSecretRotate.secret).sign(id, at, body),
      },
      body,
    })
    assert.equal(response.status, 202, await response.text())
  }

  /** Starts a seed with a clock of its own that stores the site's post. */
  async function lentSeed(name: string) {
    const directory = join(root, name)
    let ahead = 0
    const waiting = new Set<(state: CommunitySeedState) => void>()
    const start = () =>
      startCommunitySeed({
        server: server.url,
        owner,
        token,
        country: 'BR',
        directory,
        maxBytes: 50_000_000,
        bytesPerDay: 100_000_000,
        allowPrivateAddresses: true,
        refreshInterval: 300,
        now: () => Date.now() + ahead,
        onChange: (state) => {
          for (const hear of waiting) hear(state)
        },
      })
    const offered = await start()
    await offered.stop()
    const expiresAt = new Date(Date.now() + 24 * hour).toISOString()
    const limits = { maxBytes: 50_000_000, bytesPerDay: 100_000_000, expiresAt }
    await client.query(
      'mutation($input: SeedGrantMakeInput!) { seedGrantMake(input: $input) { grant { id } } }',
      { input: { siteId: getter.siteId, seed: offered.state().seed, ...limits } },
    )
    const running = await start()
    const next = (wanted: (state: CommunitySeedState) => boolean): Promise<void> =>
      new Promise((resolve) => {
        const hear = (state: CommunitySeedState) => {
          if (!wanted(state)) return
          waiting.delete(hear)
          resolve()
        }
        waiting.add(hear)
      })
    const when = (wanted: (state: CommunitySeedState) => boolean): Promise<void> =>
      wanted(running.state()) ? Promise.resolve() : next(wanted)
    await when(({ posts }) => posts.length === 1 && posts.every(({ chunks, of }) => chunks >= of))
    const chunks = join(directory, 'posts', getter.siteId)
    assert.equal((await readdir(chunks)).length, 1)
    return {
      state: running.state,
      chunks,
      when,
      /** The seed has looked after its posts once more. */
      refreshed: () => next(() => true),
      advance: (ms: number) => {
        ahead += ms
      },
      stop: () => running.stop(),
    }
  }
})
