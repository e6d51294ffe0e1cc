import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openRegistry, type Registry } from '@peerpress/registry'
import { UnsubscribeLinks, unsubscribeSecret } from '@peerpress/watch'
import express from 'express'
import { bodiesFrom } from '../entry/bodies.ts'
import { clientAddressBehind } from '../entry/client-address.ts'
import { unsubscribeRoutes } from './unsubscribe.ts'

describe('the unsubscribe link of an e-mail', { timeout: 60_000 }, () => {
  let directory: string
  let registry: Registry
  let server: Server
  let url: string
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'peerpress-unsubscribe-'))
    registry = await openRegistry({ directory })
    const bodies = bodiesFrom(clientAddressBehind([]))
    server = createServer(express().use(unsubscribeRoutes({ registry, bodies }))).listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(async () => {
    server.close()
    await registry.close()
    await rm(directory, { recursive: true, force: true })
  })

  const channelOf = async (kind: 'email' | 'webhook', name: string) => {
    const input = {
      url: `https://${name}.example/`,
      consent: 'assumed',
      allowPrivateAddresses: false,
    } as const
    const site = (await registry.sites.add(input)).site.id
    const target = kind === 'email' ? 'owner@blog.example' : 'https://hooks.example/'
    const { channel } = await registry.channels.add({ site, kind, target })
    const links = new UnsubscribeLinks(await registry.secret(unsubscribeSecret))
    return { id: channel.id, link: links.linkOf(channel.id, url) }
  }
  const isSubscribed = async (id: string) => (await registry.channels.get(id))?.unsubscribedAt === null
  const post = (link: string, body: string) =>
    fetch(link, { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded' } })

  test('shows what it does and changes nothing, because scanners open links', async () => {
    const { id, link } = await channelOf('email', 'shown')
    const response = await fetch(link)
    assert.equal(response.status, 200)
    const page = await response.text()
    assert.match(page, /Stop e-mail about shown\.example\?/)
    assert.doesNotMatch(page, /owner@blog\.example/)
    assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'/)
    assert.equal(response.headers.get('cache-control'), 'no-store')
    assert.equal(await isSubscribed(id), true)
  })

  test('unsubscribes by the one request of a mail program (RFC 8058)', async () => {
    const { id, link } = await channelOf('email', 'one-click')
    const response = await post(link, 'List-Unsubscribe=One-Click')
    assert.equal(response.status, 200)
    assert.match(await response.text(), /You are unsubscribed/)
    assert.equal(await isSubscribed(id), false)
    assert.equal((await post(link, 'List-Unsubscribe=One-Click')).status, 200)
    assert.equal(await isSubscribed(id), false)
  })

  test('subscribes again by the page’s button', async () => {
    const { id, link } = await channelOf('email', 'again')
    await post(link, 'action=unsubscribe')
    await post(link, 'action=subscribe')
    assert.equal(await isSubscribed(id), true)
  })

  test('a wrong, a foreign and an outdated link do nothing', async () => {
    const { id, link } = await channelOf('email', 'wrong')
    const hook = await channelOf('webhook', 'hook')
    const other = '6f1c0c62-8f0e-4f43-a6f0-0d2b7d1a4c11'
    const links = [link.slice(0, -1), link.replace(id, other), hook.link, `${url}/v1/unsubscribe/%00`]
    await registry.channels.remove(hook.id)
    for (const each of links) {
      assert.equal((await post(each, 'List-Unsubscribe=One-Click')).status, 404)
      assert.equal((await fetch(each)).status, 404)
    }
    assert.equal(await isSubscribed(id), true)
  })

  test('a body that is too large is refused', async () => {
    const { id, link } = await channelOf('email', 'large')
    assert.equal((await post(link, `action=${'x'.repeat(5000)}`)).status, 413)
    assert.equal(await isSubscribed(id), true)
  })
})
