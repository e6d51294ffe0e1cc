import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { openRegistry, type Registry, type RunningJob } from '@peerpress/registry'
import { WatchError } from '../watch-error.ts'
import { createDelivery, type DeliveryOptions } from './delivery.ts'
import { createMailer } from './mailer.ts'
import { headerOf, type SmtpReceiver, startSmtpReceiver } from './smtp-receiver.testing.ts'
import { UnsubscribeLinks } from './unsubscribe-link.ts'
import { createWebhookSender } from './webhook-sender.ts'

const from = 'alerts@peerpress.example'

suite('the delivery of notifications', { timeout: 120_000 }, () => {
  let directory: string
  let registry: Registry
  let receiver: SmtpReceiver
  let now = Date.UTC(2026, 4, 4, 12)
  const webhooks = createWebhookSender()
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'peerpress-delivery-'))
    registry = await openRegistry({ directory, now: () => now })
    receiver = await startSmtpReceiver()
  })
  after(async () => {
    await webhooks.close()
    await receiver.close()
    await registry.close()
    await rm(directory, { recursive: true, force: true })
  })

  const links = new UnsubscribeLinks(new Uint8Array(32))
  const job = (channel: string): RunningJob => ({
    id: 'job',
    data: { channel },
    attempt: 0,
    signal: new AbortController().signal,
  })
  const deliver = (channel: string, options: Partial<DeliveryOptions> = {}) =>
    createDelivery({
      registry,
      mailer: createMailer({ url: receiver.url, from }),
      webhooks,
      links,
      publicUrl: () => 'https://peerpress.example',
      now: () => now,
      ...options,
    })(job(channel))
  const siteWithChannel = async (name: string) => {
    const input = { url: `https://${name}.test`, consent: 'assumed', allowPrivateAddresses: false } as const
    const site = (await registry.sites.add(input)).site.id
    const { channel } = await registry.channels.add({ site, kind: 'email', target: `${name}@blog.example` })
    return { site, channel: channel.id, to: channel.target }
  }
  const open = (site: string) =>
    registry.incidents.apply(site, [
      {
        type: 'open',
        symptom: 'origin-down',
        severity: 'page',
        summary: 'It is dead.',
        since: new Date(now),
      },
    ])
  const resolve = async (site: string) => {
    const [incident] = await registry.incidents.open(site)
    await registry.incidents.apply(site, [
      { type: 'resolve', id: incident?.id ?? '', reason: 'It answers again.' },
    ])
  }
  const subjectsTo = (to: string) =>
    receiver.received.filter((each) => each.to === to).map((each) => headerOf(each, 'Subject'))

  test('a digest is sent once with the link that unsubscribes by one request', async () => {
    const { site, channel, to } = await siteWithChannel('digest')
    await registry.channels.setDigest(channel, true)
    assert.equal(await registry.notifications.addDigests(site, 'What to write next:'), 1)
    assert.equal(await registry.notifications.addDigests(site, 'What to write next:'), 0)
    await deliver(channel)
    await deliver(channel)
    const [message, ...more] = receiver.received.filter((each) => each.to === to)
    assert.ok(message)
    assert.equal(more.length, 0)
    assert.match(headerOf(message, 'List-Unsubscribe') ?? '', /\/v1\/unsubscribe\//)
    assert.match(message.raw, /What to write next:/)
  })

  test('sends what is pending, oldest first and once', async () => {
    const { site, channel, to } = await siteWithChannel('once')
    await open(site)
    await resolve(site)
    await deliver(channel)
    await deliver(channel)
    assert.deepEqual(subjectsTo(to), ['Alert: once.test', 'Resolved: once.test'])
    const [mail] = receiver.received.filter((each) => each.to === to)
    assert.ok(mail)
    assert.ok(mail.raw.includes('It is dead.'))
    assert.ok(mail.raw.replaceAll('=\r\n', '').includes(`/sites/${site}/alerts`))
    const { last, pending } = await registry.notifications.state(channel)
    assert.deepEqual([last?.type, last?.error, pending], ['resolved', null, 0])
    assert.deepEqual(last?.sentAt, new Date(now))
  })

  test('a failure leaves the message and those after it pending, with the reason', async () => {
    const { site, channel, to } = await siteWithChannel('later')
    await open(site)
    await resolve(site)
    const broken = createMailer({ url: 'smtp://127.0.0.1:1', from })
    await assert.rejects(deliver(channel, { mailer: broken }), { code: 'mail' })
    const next = await registry.notifications.next(channel)
    assert.deepEqual([next?.type, next?.attempts], ['opened', 1])
    assert.match(next?.error ?? '', /did not take the message/)
    assert.equal((await registry.notifications.state(channel)).pending, 2)
    await deliver(channel)
    assert.deepEqual(subjectsTo(to), ['Alert: later.test', 'Resolved: later.test'])
  })

  test('a message that its receiver refuses for good is given up, and the next one is sent', async () => {
    const { site, channel } = await siteWithChannel('refused')
    await open(site)
    await resolve(site)
    let attempts = 0
    const send = () => {
      attempts++
      return Promise.reject(new WatchError('mail', 'no such mailbox', { isFinal: true }))
    }
    await deliver(channel, { mailer: { send } })
    assert.equal(attempts, 2)
    const { last, pending } = await registry.notifications.state(channel)
    assert.deepEqual([last?.error, pending], ['no such mailbox', 0])
    assert.deepEqual([last?.sentAt, last?.endedAt], [null, new Date(now)])
  })

  test('without an SMTP server an e-mail waits, and says what to do', async () => {
    const { site, channel } = await siteWithChannel('no-server')
    await open(site)
    await assert.rejects(deliver(channel, { mailer: null }), { code: 'no-mail-server' })
    const { last } = await registry.notifications.state(channel)
    assert.match(last?.error ?? '', /set PEERPRESS_SMTP_URL/)
  })

  test('what could not be sent within a day is given up', async () => {
    const { site, channel, to } = await siteWithChannel('day')
    await open(site)
    now += 24 * 3_600_000 + 1
    await deliver(channel)
    assert.deepEqual(subjectsTo(to), [])
    const { last, pending } = await registry.notifications.state(channel)
    assert.deepEqual([last?.error, pending], ['It could not be sent within a day.', 0])
  })

  test('a receiver that unsubscribed gets nothing more, until it subscribes again', async () => {
    const { site, channel, to } = await siteWithChannel('unsubscribed')
    await open(site)
    await registry.channels.subscribe(channel, false)
    await resolve(site)
    await deliver(channel)
    assert.deepEqual(subjectsTo(to), [])
    await registry.channels.subscribe(channel, true)
    await open(site)
    await deliver(channel)
    assert.deepEqual(subjectsTo(to), ['Alert: unsubscribed.test'])
  })

  test('a removed channel and a job without a channel do no harm', async () => {
    const { channel } = await siteWithChannel('removed')
    await registry.channels.remove(channel)
    await deliver(channel)
    await assert.rejects(
      createDelivery({ registry, mailer: null, webhooks, links, publicUrl: () => '' })({
        ...job(''),
        data: null,
      }),
      /names no channel/,
    )
  })
})

test('a link unsubscribes its own channel alone', () => {
  const links = new UnsubscribeLinks(new Uint8Array(32).fill(1))
  const channel = '6f1c0c62-8f0e-4f43-a6f0-0d2b7d1a4c11'
  const link = links.linkOf(channel, 'https://peerpress.example')
  const token = link.slice(link.lastIndexOf('/') + 1)
  assert.equal(links.channelOf(token), channel)
  for (const wrong of [
    token.slice(0, -1),
    token.replace('6f1c', '6f1d'),
    `${token}.x`.slice(37),
    '',
    '.',
    'a.b',
    '\0',
  ]) {
    assert.equal(links.channelOf(wrong), null)
  }
  assert.equal(new UnsubscribeLinks(new Uint8Array(32)).channelOf(token), null)
})
