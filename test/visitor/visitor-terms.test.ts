import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { describe, test } from 'node:test'
import { eventually } from '../support/eventually.ts'
import { assertComplete, PicturePost } from '../support/browser/picture-post.ts'
import { type SiteReader } from '../support/browser/small-site-reader.ts'

describe('a reader’s browser and its terms', { timeout: 600_000 }, () => {
  const post = new PicturePost()

  test('is left by a worker whose lease ran out', async () => {
    post.site.leaseLength = 1
    const reader = await post.newReader()
    await reader.open(post.site.url)
    await leaseOf(reader, ({ length }) => length === 1)
    post.site.config = { mode: 'off' }
    await reader.page.goto(post.site.url)
    await reader.page.waitForFunction(
      async () => (await navigator.serviceWorker.getRegistration()) === undefined,
    )
    assert.deepEqual(await reader.page.evaluate(() => caches.keys()), [])
    await reader.scroll()
    await assertComplete(reader)
  })

  test('keeps a worker by the lease of the post.site’s key alone, and by the newest', async () => {
    const reader = await post.newReader()
    await reader.open(post.site.url)
    const { issuedAt } = await leaseOf(reader, ({ length }) => length === 60_000)
    post.site.leaseLength = 1
    post.site.leaseKey = generateKeyPairSync('ed25519').privateKey
    await reader.open(post.site.url)
    await eventually('the second ticket', async () =>
      post.site.serverRequests.filter((path) => path === '/v1/ticket').length >= 2 ? true : undefined,
    )
    await reader.scroll()
    assert.equal((await leaseOf(reader, () => true)).issuedAt, issuedAt)
  })

  /** What the worker keeps of its lease, once it is as awaited. */
  function leaseOf(
    reader: SiteReader,
    isAwaited: (lease: { length: number; issuedAt: number }) => boolean,
  ): Promise<{ length: number; issuedAt: number }> {
    return eventually('the lease', async () => {
      const lease = await reader.page.evaluate(async () => {
        const stored = await (await caches.open('peerpress-lease')).match('/peerpress-lease')
        return ((await stored?.json()) ?? null) as { length: number; issuedAt: number } | null
      })
      return lease && isAwaited(lease) ? lease : undefined
    })
  }

  test('takes no part in a swarm whose manifest another key signed', async () => {
    post.site.envelope = post.site.sign({ key: generateKeyPairSync('ed25519').privateKey })
    const reader = await post.newReader()
    await reader.page.goto(post.site.url)
    await reader.page.waitForFunction(() => window.peerpress?.delivery)
    await reader.scroll()
    await assertComplete(reader)
    assert.equal(await reader.page.evaluate(() => window.peerpress?.delivery?.()), null)
    assert.ok(!post.site.serverRequests.includes('/v1/ticket'))
  })

  test('refuses a manifest older than the one it has seen', async () => {
    post.site.envelope = post.site.sign({ version: 5 })
    const reader = await post.newReader()
    await reader.open(post.site.url)
    // The first view joins the swarm: what it still asks for must not be taken for the second's.
    await eventually('the ticket of the first view', async () =>
      post.site.serverRequests.includes('/v1/ticket') ? true : undefined,
    )
    post.site.envelope = post.site.sign({ version: 4 })
    post.site.serverRequests.length = 0
    await reader.page.goto(post.site.url)
    await reader.page.waitForFunction(() => window.peerpress?.delivery)
    await reader.scroll()
    await assertComplete(reader)
    assert.equal(await reader.page.evaluate(() => window.peerpress?.delivery?.()), null)
    assert.ok(!post.site.serverRequests.includes('/v1/ticket'))
  })

  test('waits for consent, and closes every connection when it is withdrawn', async () => {
    const holder = await post.newHolder()
    post.site.config = { consent: 'required' }
    const reader = await post.newReader()
    await reader.page.goto(post.site.url)
    assert.equal(await reader.page.evaluate(() => window.peerpress?.arm), 'ineligible')
    assert.equal(await reader.page.evaluate(() => navigator.serviceWorker.getRegistration()), undefined)
    await reader.page.evaluate(() => window.peerpress?.consent(true))
    await reader.page.waitForFunction(() => (window.peerpress?.delivery?.()?.peers ?? 0) > 0)
    assert.equal(await reader.page.evaluate(() => window.peerpress?.arm), 'assisted')
    await reader.page.evaluate(() => window.peerpress?.consent(false))
    await reader.scroll()
    await assertComplete(reader)
    assert.equal((await reader.delivery()).bytes.peer, 0)
    assert.equal((await holder.delivery()).uploaded, 0)
  })

  test('loads no peer code in the control arm', async () => {
    post.site.config = { control: 1 }
    await assertLeftAlone(await post.newReader(), 'control')
  })

  test('loads no peer code when the reader asks for privacy', async () => {
    const reader = await post.newReader((page) =>
      page.evaluateOnNewDocument(() => {
        Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })
      }),
    )
    await assertLeftAlone(reader, 'ineligible')
  })

  test('stands down where the post.site has a service worker of its own', async () => {
    post.site.intercept = ({ url }, response) => {
      if (url !== '/own.js') return false
      response.setHeader('Content-Type', 'text/javascript')
      response.end('')
      return true
    }
    post.site.config = { mode: 'off' }
    const reader = await post.newReader()
    await reader.page.goto(post.site.url)
    await reader.page.evaluate(async () => {
      await navigator.serviceWorker.register('/own.js', { scope: '/' })
      await navigator.serviceWorker.ready
    })
    post.site.config = {}
    await assertLeftAlone(reader, 'ineligible')
    const script = await reader.page.evaluate(
      async () => (await navigator.serviceWorker.ready).active?.scriptURL,
    )
    assert.ok(script?.endsWith('/own.js'))
  })

  async function assertLeftAlone(reader: SiteReader, arm: string): Promise<void> {
    await reader.page.goto(post.site.url)
    await reader.page.waitForFunction((expected) => window.peerpress?.arm === expected, {}, arm)
    await reader.scroll()
    await assertComplete(reader)
    assert.ok(!post.site.serverRequests.includes('/v1/swarm.js'))
    assert.equal(post.site.requests.get('/worker.js'), undefined)
  }
})
