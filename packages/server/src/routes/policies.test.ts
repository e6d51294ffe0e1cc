import assert from 'node:assert/strict'
import { createHmac, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { createPublisher } from '@peerpress/publisher'
import { type DomainEvent, openRegistry, type Registry } from '@peerpress/registry'
import { createTracker } from '@peerpress/tracker'
import type { Policy } from '@peerpress/wire'
import express from 'express'
import { bodiesFrom } from '../entry/bodies.ts'
import { sendersOf } from '../entry/senders.testing.ts'
import { OperatorToken } from '../operator-token.ts'
import { policyRoutes } from './policies.ts'
import { ticketRoutes } from './tickets.ts'

const fixtures = new URL('../../../../test/fixtures/0.1/tickets.json', import.meta.url)
const full: Policy = { mode: 'full', consent: 'assumed' }

describe('the policy of a site', { timeout: 120_000 }, () => {
  let directory: string
  let registry: Registry
  let base: string
  let site: string
  let secret: string
  const changes: DomainEvent[] = []
  let onChange: () => void = () => undefined
  let sites = 0
  let close: () => Promise<void>

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'peerpress-policy-'))
    registry = await openRegistry({ directory: join(directory, 'registry') })
    const publisher = createPublisher({ registry, directory: join(directory, 'assets') })
    const tracker = createTracker({ ticketKey: randomBytes(32), iceServers: [] })
    await registry.outbox.follow(async (event) => {
      if (event.type === 'policy.changed') changes.push(event)
      onChange()
    })
    const http = express()
      .use(policyRoutes({ registry, publisher, bodies: bodiesFrom(() => '127.0.0.1') }))
      .use(
        ticketRoutes({
          registry,
          publisher,
          tracker,
          senders: sendersOf(registry, await OperatorToken.open(registry, directory)),
          clientAddress: () => '192.0.2.1',
        }),
      )
      .listen(0, '127.0.0.1')
    await once(http, 'listening')
    base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
    close = async () => {
      http.close()
      http.closeAllConnections()
      await tracker.close()
      await registry.close()
      await rm(directory, { recursive: true })
    }
  })
  after(() => close())
  beforeEach(() => addSite())

  async function addSite(policy: Policy = full): Promise<void> {
    const url = `https://blog${++sites}.example`
    const added = await registry.sites.add({ url, ...policy, allowPrivateAddresses: false })
    site = added.site.id
    secret = added.webhookSecret
    const post = {
      site,
      post: '14',
      url: `${url}/14`,
      version: 1,
      revoked: false,
      envelope: '{}',
      assets: [],
    }
    await registry.posts.record(post)
  }

  /** Sends a policy as the plugin does. */
  async function send(content: object, sentAt = new Date()): Promise<{ status: number; code?: string }> {
    const body = JSON.stringify(content)
    const id = `msg_${randomBytes(8).toString('hex')}`
    const time = String(Math.floor(sentAt.getTime() / 1000))
    // By hand, from the text of the Standard Webhooks specification.
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
    const signature = createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64')
    const response = await fetch(`${base}/v1/sites/${site}/policy`, {
      method: 'POST',
      headers: {
        'webhook-id': id,
        'webhook-timestamp': time,
        'webhook-signature': `v1,${signature}`,
      },
      body,
    })
    const { code } = (await response.json()) as { code?: string }
    return { status: response.status, ...(code === undefined ? {} : { code }) }
  }

  /** `200`, or the code of the refusal; `claims` is what the ticket says of the policy. */
  async function ask(query: Record<string, string> = {}) {
    const response = await fetch(
      `${base}/v1/ticket?${new URLSearchParams({ site, post: '14', ...query }).toString()}`,
      { headers: { Origin: `https://blog${sites}.example` } },
    )
    const { ticket, code } = (await response.json()) as { ticket?: string; code?: string }
    const claims = JSON.parse(
      Buffer.from(ticket?.split('.')[1] ?? '', 'base64url').toString() || 'null',
    ) as Record<string, unknown> | null
    // Pages can read why they are refused.
    if (response.status !== 400)
      assert.equal(response.headers.get('access-control-allow-origin'), `https://blog${sites}.example`)
    return { outcome: code ?? response.status, claims }
  }

  /** The modes that the domain events of this site's policy name, once there are so many. */
  async function changedModes(count: number): Promise<unknown[]> {
    const modes = () =>
      changes.flatMap((event) => (event.type === 'policy.changed' && event.site === site ? [event.mode] : []))
    while (modes().length < count) {
      await new Promise<void>((resolve) => {
        onChange = resolve
      })
    }
    return modes()
  }

  test('is recorded when the site’s own CMS says so, and followers learn of it', async () => {
    assert.deepEqual(await send({ mode: 'seeds-only', consent: 'notice' }), { status: 200 })
    const recorded = await registry.sites.get(site)
    assert.deepEqual([recorded?.mode, recorded?.consent], ['seeds-only', 'notice'])
    assert.deepEqual(await changedModes(1), ['seeds-only'])
  })

  test('is not changed by a stranger, by a copy at another address, by nonsense, or by an earlier message', async () => {
    const { id } = (await registry.sites.get(site))!
    const unchanged = await registry.sites.get(id)
    assert.deepEqual(await send({ ...full, mode: 'off', home_url: 'https://staging.example' }), {
      status: 409,
      code: 'other-home',
    })
    for (const wrong of [{}, { ...full, mode: 'on' }, { ...full, consent: 1 }, [], { mode: 'off' }])
      assert.deepEqual(await send(wrong), { status: 400, code: 'bad-event' })
    const known = secret
    secret = `whsec_${randomBytes(32).toString('base64')}`
    assert.deepEqual(await send({ ...full, mode: 'off' }), { status: 401, code: 'bad-signature' })
    secret = known
    assert.deepEqual(await registry.sites.get(id), unchanged)
    assert.deepEqual(await send({ ...full, mode: 'off' }), { status: 200 })
    assert.deepEqual(await send(full, new Date(Date.now() - 60_000)), { status: 409, code: 'outdated' })
    assert.equal((await registry.sites.get(id))?.mode, 'off')
    assert.deepEqual(await changedModes(1), ['off'])
  })

  test('gives tickets to pages that state the same or a stricter policy, and to no others', async () => {
    await send({ mode: 'seeds-only', consent: 'notice' })
    for (const [mode, consent, outcome] of [
      ['seeds-only', 'notice', 200],
      ['seeds-only', 'required', 200],
      ['full', 'notice', 'policy-changed'],
      ['full', 'required', 'policy-changed'],
      ['seeds-only', 'assumed', 'policy-changed'],
      ['off', 'required', 'policy-changed'],
    ] as const)
      assert.equal((await ask({ mode, consent })).outcome, outcome, `${mode}, ${consent}`)
    assert.equal((await ask({ mode: 'everybody' })).outcome, 'invalid')
  })

  test('refuses every page, and every seed, once it is off', async () => {
    assert.equal((await ask({ ...full })).outcome, 200)
    await send({ ...full, mode: 'off' })
    for (const query of [{}, { meet: 'seeds' }, { mode: 'seeds-only', consent: 'required' }, { ...full }])
      assert.equal((await ask(query)).outcome, 'policy-changed')
    await send(full)
    assert.equal((await ask({ ...full })).outcome, 200)
  })

  test('is in the ticket as the page stated it, for the tracker', async () => {
    await send({ mode: 'full', consent: 'notice' })
    const { claims } = await ask({ mode: 'seeds-only', consent: 'required' })
    assert.deepEqual(
      [claims?.['mode'], claims?.['consent'], claims?.['seedsOnly']],
      ['seeds-only', 'required', true],
    )
  })

  test('a request of release 0.1 counts as the policy at the upgrade, and is refused once it is stricter', async () => {
    const requests = (JSON.parse(await readFile(fixtures, 'utf8')) as { meet: string; isSeed: boolean }[])
      .filter(({ isSeed }) => !isSeed)
      .map(({ meet }): Record<string, string> => (meet === 'seeds' ? { meet } : {}))
    assert.equal(new Set(requests.map(({ meet }) => meet)).size, 2)
    const outcomes = async () =>
      new Set(await Promise.all(requests.map(async (one) => (await ask(one)).outcome)))
    assert.deepEqual(await outcomes(), new Set([200]))
    // What it would do is still allowed: it meets seeds alone.
    await send({ mode: 'seeds-only', consent: 'assumed' })
    assert.equal((await ask()).outcome, 'policy-changed')
    assert.equal((await ask({ meet: 'seeds' })).outcome, 200)
    await send({ mode: 'full', consent: 'required' })
    assert.deepEqual(await outcomes(), new Set(['policy-changed']))
    await send(full)
    assert.deepEqual(await outcomes(), new Set([200]))

    await addSite({ mode: 'seeds-only', consent: 'required' })
    await send(full)
    const { claims } = await ask()
    assert.deepEqual([claims?.['mode'], claims?.['consent']], ['seeds-only', 'required'])
  })
})
