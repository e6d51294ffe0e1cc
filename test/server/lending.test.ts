import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type GraphqlClient, graphqlClient, repositoryDirectory } from '@peerpress/cli'
import { launchChromium, type PublishedSite, publishSampleSite, startCountryProxy } from '@peerpress/testbed'
import { sampleDirectory } from '@peerpress/testbed'
import type { Browser } from 'puppeteer-core'
import { hashOf, openTab } from '../support/browser/small-site-reader.ts'
import { ensureVisitorBundles } from '../support/browser/visitor-bundles.ts'
import { eventually } from '../support/eventually.ts'
import { addSite } from '../support/server/add-site.ts'
import { makeSeedToken } from '../support/server/seed-token.ts'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'

interface State {
  readonly seed: string
  readonly posts: readonly { readonly chunks: number; readonly of: number; readonly isIntroduced: boolean }[]
}

const film = 'sunrise.webm'

describe('a seed that one site lends another', { timeout: 240_000 }, () => {
  let server: ServerProcess
  let client: GraphqlClient
  let getter: PublishedSite
  let owner: string
  let token: string
  let directory: string
  let browser: Browser

  before(async () => {
    await ensureVisitorBundles()
    browser = await launchChromium()
    server = await startServerProcess()
    client = graphqlClient(server.url, await server.token())
    getter = await publishSampleSite({ url: server.url, client })
    owner = (await addSite(server, 'http://127.0.0.1:9/')).siteId
    token = await makeSeedToken(server, owner)
    directory = await mkdtemp(join(tmpdir(), 'peerpress-lent-'))
  })
  after(async () => {
    await browser.close()
    await getter.close()
    await server.close()
    await rm(directory, { recursive: true, force: true })
  })

  const lending = async () => {
    const query = `query($siteId: String!) { site(siteId: $siteId) {
      seedsReceived { edges { node { bytes giver country networks } } } seedCredit } }`
    const { site } = await client.query<{
      site: { seedsReceived: { edges: { node: { bytes: number; giver: string; country: string } }[] } }
    }>(query, { siteId: getter.siteId })
    return site.seedsReceived.edges.map(({ node }) => node)
  }

  test('has a durable key, stores what was granted, and serves readers while origin and mirror are down', async (t) => {
    const first = await startCommunity()
    const { seed, posts } = await first.when(() => true)
    assert.deepEqual(posts, [])
    assert.equal(await first.end('SIGTERM'), 0)
    assert.equal((await stat(join(directory, 'seed-key.pem'))).mode & 0o777, 0o600)

    const expiresAt = new Date(Date.now() + 86_400_000).toISOString()
    const limits = { maxBytes: 50_000_000, bytesPerDay: 100_000_000, expiresAt }
    await client.query(
      'mutation($input: SeedGrantMakeInput!) { seedGrantMake(input: $input) { grant { id } } }',
      {
        input: { siteId: getter.siteId, seed, ...limits },
      },
    )
    const again = await startCommunity()
    t.after(() => again.end('SIGKILL'))
    const whole = await again.when(
      ({ posts: held }) =>
        held.length === 1 && held.every((each) => each.chunks >= each.of && each.isIntroduced),
    )
    assert.equal(whole.seed, seed)

    const proxy = await startCountryProxy('193.0.6.139')
    t.after(() => proxy.close())
    const context = await browser.createBrowserContext({
      proxyServer: proxy.url,
      proxyBypassList: ['<-loopback>'],
    })
    const reader = await openTab(context)
    await reader.open(getter.postUrl, 1)
    await getter.close()
    await rm(join(server.dataDirectory, 'assets'), { recursive: true })
    const got = await reader.fetch(`/media/${film}`)
    const bytes = await readFile(join(sampleDirectory, film))
    assert.equal(got.hash, hashOf(bytes))
    const delivery = await reader.delivery()
    assert.equal(delivery.bytes.seed >= bytes.length, true)
    assert.equal(delivery.wrongBytes, 0)

    const received = await eventually('a receipt', async () => {
      const [day] = await lending()
      return day !== undefined && day.bytes > 0 ? day : undefined
    })
    assert.deepEqual([received.giver, received.country], ['127.0.0.1:9', 'BR'])
    assert.ok(received.bytes <= delivery.bytes.seed)

    // What was answered stays, and the same receipts count once.
    await server.kill()
    await server.restart()
    assert.deepEqual((await lending())[0]?.bytes, received.bytes)
    await context.close()
  })

  test('a seed deletes what is not granted any more', async () => {
    const chunks = join(directory, 'posts', getter.siteId)
    assert.equal((await readdir(chunks)).length, 1)
    const { site } = await client.query<{ site: { seedGrants: { edges: { node: { id: string } }[] } } }>(
      'query($siteId: String!) { site(siteId: $siteId) { seedGrants { edges { node { id } } } } }',
      { siteId: getter.siteId },
    )
    const seedGrantId = site.seedGrants.edges[0]?.node.id
    await client.query(
      'mutation($input: SeedGrantRevokeInput!) { seedGrantRevoke(input: $input) { site { siteId } } }',
      {
        input: { seedGrantId },
      },
    )
    const seed = await startCommunity()
    assert.deepEqual((await seed.when(() => true)).posts, [])
    assert.equal(await seed.end('SIGTERM'), 0)
    assert.deepEqual(await readdir(chunks), [])
  })

  /** Runs `./peerpress seed --community`. */
  async function startCommunity() {
    const main = fileURLToPath(new URL('packages/cli/src/main.ts', repositoryDirectory))
    const words = ['--community', '--site', owner, '--country', 'BR', '--json', '--allow-private']
    const child: ChildProcess = spawn(
      process.execPath,
      [main, 'seed', server.url, '--data', directory, ...words],
      { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, PEERPRESS_SEED_TOKEN: token } },
    )
    const exited = once(child, 'exit')
    const states: State[] = []
    const waiting = new Set<(state: State) => void>()
    if (child.stdout) {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const state = JSON.parse(line) as State
        states.push(state)
        for (const hear of waiting) hear(state)
      })
    }
    return {
      when: (wanted: (state: State) => boolean): Promise<State> =>
        new Promise((resolve, reject) => {
          exited.then(() => reject(new Error('the seed ended')), reject)
          const latest = states.at(-1)
          if (latest !== undefined && wanted(latest)) resolve(latest)
          waiting.add((state) => wanted(state) && resolve(state))
        }),
      async end(signal: NodeJS.Signals): Promise<number | null> {
        child.kill(signal)
        await exited
        return child.exitCode
      },
    }
  }
})
