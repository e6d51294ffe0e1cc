import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { everything, refused, type SuiteContext } from '../suite.testing.ts'
import type { IncidentChange } from './incident.ts'

const unknownId = '00000000-0000-4000-8000-000000000000'

/** Objectives, incidents, channels and notifications, whatever database they are in. */
export function describeIncidents(context: SuiteContext): void {
  const openDown = (since = context.now()): IncidentChange => ({
    type: 'open',
    symptom: 'origin-down',
    severity: 'page',
    summary: 'It is dead.',
    since: new Date(since),
  })
  const siteOf = async (path: string) => (await context.site(path)).site.id

  describe('objectives', () => {
    test('are stored for one site and kind, and removed', async () => {
      const { objectives } = context.registry()
      const id = await siteOf('objectives')
      await objectives.set(id, 'lcp', 0.9)
      await objectives.set(id, 'lcp', 0.8)
      assert.deepEqual(await objectives.of(id), [
        { kind: 'lcp', target: 0.8, changedAt: new Date(context.now()) },
      ])
      await objectives.set(id, 'lcp', null)
      assert.deepEqual(await objectives.of(id), [])
      for (const wrong of ['nosuchsite000000', 'a\0b']) {
        await objectives.set(wrong, 'lcp', 0.9)
        assert.deepEqual(await objectives.of(wrong), [])
      }
    })
  })

  describe('incidents', () => {
    test('a site has one open incident per symptom, also if two servers open it at once', async () => {
      const { incidents, channels, notifications } = context.registry()
      const id = await siteOf('one-open')
      const { channel } = await channels.add({ site: id, kind: 'email', target: 'a@blog.example' })
      await Promise.all([incidents.apply(id, [openDown()]), incidents.apply(id, [openDown()])])
      const open = await incidents.open(id)
      assert.deepEqual(
        open.map(({ symptom, seenAt }) => [symptom, seenAt]),
        [['origin-down', new Date(context.now())]],
      )
      assert.equal((await notifications.state(channel.id)).pending, 1)
      assert.deepEqual((await incidents.sitesWithOpen()).includes(id), true)
    })

    test('each change is in the history, and notifies once', async () => {
      const { incidents, channels, notifications } = context.registry()
      const id = await siteOf('history')
      const { channel } = await channels.add({ site: id, kind: 'email', target: 'a@blog.example' })
      await incidents.apply(id, [{ ...openDown(), severity: 'warning' } as IncidentChange])
      const [opened] = await incidents.open(id)
      const incident = opened?.id ?? ''
      context.advance(60_000)
      const update: IncidentChange = { type: 'update', id: incident, severity: 'page', summary: 'Worse.' }
      const resolve: IncidentChange = { type: 'resolve', id: incident, reason: 'Well again.' }
      await incidents.apply(id, [update, update, { type: 'seen', id: incident }])
      await incidents.acknowledge(incident, 'Ada')
      await incidents.acknowledge(incident, 'Bob')
      await incidents.apply(id, [resolve, resolve, update])
      assert.deepEqual(
        (await incidents.entries(incident)).map(({ type, text }) => [type, text]),
        [
          ['opened', 'It is dead.'],
          ['updated', 'Worse.'],
          ['acknowledged', 'Ada deals with it.'],
          ['resolved', 'Well again.'],
        ],
      )
      const types: string[] = []
      for (let next = await notifications.next(channel.id); next !== null;) {
        types.push(`${next.type}: ${next.content.text}`)
        await notifications.sent(next.id)
        next = await notifications.next(channel.id)
      }
      assert.deepEqual(types, ['opened: It is dead.', 'updated: Worse.', 'resolved: Well again.'])
      const found = await incidents.get(incident)
      assert.deepEqual([found?.severity, found?.acknowledgedBy], ['page', 'Ada'])
      assert.deepEqual(found?.resolvedAt, new Date(context.now()))
      assert.equal((await incidents.acknowledge(incident, 'Eve'))?.acknowledgedBy, 'Ada')
    })

    test('a symptom that comes again is another incident, after the first in the list', async () => {
      const { incidents } = context.registry()
      const id = await siteOf('again')
      const since = context.now()
      await incidents.apply(id, [openDown(since)])
      const [first] = await incidents.open(id)
      await incidents.apply(id, [{ type: 'resolve', id: first?.id ?? '', reason: 'Well.' }])
      context.advance(1000)
      await incidents.apply(id, [openDown()])
      const list = await incidents.page(id, everything)
      assert.deepEqual(
        list.map(({ item }) => item.resolvedAt === null),
        [true, false],
      )
      const spans = await incidents.spans(id, new Date(since - 1))
      assert.deepEqual(
        spans.map(({ from, to }) => [from.getTime() - since, to === null]),
        [
          [0, false],
          [1000, true],
        ],
      )
      assert.equal((await incidents.spans(id, new Date(context.now()))).length, 1)
    })

    test('of an unknown site, or with an impossible id, change nothing', async () => {
      const { incidents, notifications } = context.registry()
      for (const wrong of ['nosuchsite000000', 'a\0b', '']) {
        await incidents.apply(wrong, [openDown()])
        assert.deepEqual(await incidents.page(wrong, everything), [])
        assert.deepEqual(await incidents.open(wrong), [])
        assert.deepEqual(await incidents.spans(wrong, new Date(0)), [])
      }
      for (const wrong of [unknownId, 'a\0b', '', unknownId.toUpperCase().replaceAll('0', 'G')]) {
        assert.equal(await incidents.get(wrong), null)
        assert.equal(await incidents.acknowledge(wrong, 'Ada'), null)
        assert.deepEqual(await incidents.entries(wrong), [])
        assert.equal(await notifications.next(wrong), null)
        assert.deepEqual(await notifications.state(wrong), { last: null, pending: 0 })
      }
    })

    test('end with their site', async () => {
      const { incidents, channels, sites } = context.registry()
      const id = await siteOf('ends')
      await channels.add({ site: id, kind: 'email', target: 'a@blog.example' })
      await incidents.apply(id, [openDown()])
      await sites.remove(id)
      assert.equal((await incidents.sitesWithOpen()).includes(id), false)
      assert.deepEqual(await channels.of(id), [])
    })
  })

  describe('channels', () => {
    test('have targets of their own and a secret for webhooks', async () => {
      const { channels } = context.registry()
      const id = await siteOf('targets')
      const mail = await channels.add({ site: id, kind: 'email', target: 'a@blog.example' })
      const hook = await channels.add({ site: id, kind: 'webhook', target: 'https://hooks.example/' })
      assert.equal(mail.secret, null)
      assert.equal(await channels.secret(hook.channel.id), hook.secret)
      assert.deepEqual(
        await channels.of(id),
        [mail.channel, hook.channel].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      )
      await refused('channel-exists', channels.add({ site: id, kind: 'email', target: 'a@blog.example' }))
      await refused(
        'unknown-site',
        channels.add({ site: 'nosuchsite000000', kind: 'email', target: 'a@b.example' }),
      )
      await refused('unknown-site', channels.add({ site: 'a\0b', kind: 'email', target: 'a@b.example' }))
      assert.equal(await channels.remove(mail.channel.id), true)
      for (const wrong of [mail.channel.id, 'a\0b']) {
        assert.equal(await channels.remove(wrong), false)
        assert.equal(await channels.get(wrong), null)
        assert.equal(await channels.test(wrong), null)
        assert.equal(await channels.secret(wrong), null)
        assert.equal(await channels.subscribe(wrong, false), null)
      }
    })

    test('are 20 at most', async () => {
      const { channels } = context.registry()
      const id = await siteOf('many-channels')
      const add = (index: number) =>
        channels.add({ site: id, kind: 'email', target: `${index}@blog.example` })
      for (let index = 0; index < 20; index++) await add(index)
      await refused('too-many-channels', add(20))
    })

    test('of a receiver that unsubscribed get nothing, and cannot be added again', async () => {
      const { channels, incidents, notifications } = context.registry()
      const id = await siteOf('unsubscribed')
      const input = { site: id, kind: 'email', target: 'a@blog.example' } as const
      const { channel } = await channels.add(input)
      await incidents.apply(id, [openDown()])
      const ended = await channels.subscribe(channel.id, false)
      assert.deepEqual(ended?.unsubscribedAt, new Date(context.now()))
      assert.equal(await notifications.next(channel.id), null)
      assert.equal((await notifications.state(channel.id)).last?.error, 'the receiver unsubscribed')
      await refused('unsubscribed', channels.test(channel.id))
      await refused('unsubscribed', channels.add(input))
      assert.equal((await channels.subscribe(channel.id, true))?.unsubscribedAt, null)
      assert.notEqual(await channels.test(channel.id), null)
    })

    test('are tested once a minute, whatever the clock does', async () => {
      const { channels, notifications } = context.registry()
      const id = await siteOf('tested')
      const { channel } = await channels.add({ site: id, kind: 'email', target: 'a@blog.example' })
      await channels.test(channel.id)
      await refused('too-soon', channels.test(channel.id))
      context.advance(60_000)
      await channels.test(channel.id)
      context.advance(-3_600_000)
      await channels.test(channel.id)
      context.advance(3_600_000)
      const { last, pending } = await notifications.state(channel.id)
      assert.deepEqual([last?.type, last?.content.incident, pending], ['test', null, 3])
    })
  })

  describe('notifications', () => {
    test('a failed one stays pending until it is given up', async () => {
      const { channels, notifications } = context.registry()
      const id = await siteOf('failed')
      const { channel } = await channels.add({ site: id, kind: 'email', target: 'a@blog.example' })
      await channels.test(channel.id)
      const first = await notifications.next(channel.id)
      await notifications.begin(first?.id ?? '')
      await notifications.failed(first?.id ?? '', 'no\0 answer', false)
      const again = await notifications.next(channel.id)
      assert.deepEqual([again?.id, again?.attempts, again?.error], [first?.id, 1, 'no answer'])
      await notifications.failed(first?.id ?? '', 'no such mailbox', true)
      assert.equal(await notifications.next(channel.id), null)
    })

    test('a channel without a job, but with something to send, is enqueued again', async () => {
      const { channels, notifications, jobs } = context.registry()
      const id = await siteOf('enqueued')
      const { channel } = await channels.add({ site: id, kind: 'email', target: 'a@blog.example' })
      await channels.test(channel.id)
      // Its job ends although nothing was sent, as after the last retry.
      for (const _ of ['the first', 'the second']) {
        const seen = Promise.withResolvers<void>()
        const stop = await jobs.work('notifications', 2, async ({ data }) => {
          if ((data as { channel: string }).channel === channel.id) seen.resolve()
        })
        await seen.promise
        await stop()
        await notifications.enqueuePending()
      }
    })

    test('what waited for a day is given up, and what is older than 90 days is removed', async () => {
      const { channels, notifications } = context.registry()
      const id = await siteOf('old')
      const { channel } = await channels.add({ site: id, kind: 'email', target: 'a@blog.example' })
      await channels.test(channel.id)
      context.advance(24 * 3_600_000 + 1)
      await notifications.prune()
      const { last, pending } = await notifications.state(channel.id)
      assert.deepEqual([last?.error, pending], ['it was not sent in time', 0])
      context.advance(90 * 24 * 3_600_000)
      await notifications.prune()
      assert.equal((await notifications.state(channel.id)).last, null)
    })
  })
}
