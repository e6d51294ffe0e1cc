import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { createInsights, lastPeriod, sendReports } from '@peerpress/insights'
import { openRegistry, type Registry } from '@peerpress/registry'
import { openStore, type Store } from '@peerpress/store'
import { createWatchRole } from '@peerpress/watch'
import { headerOf, type SmtpReceiver, startSmtpReceiver } from '@peerpress/watch/smtp-receiver'
import { Webhook } from 'standardwebhooks'
import { sampleViews } from '../support/data/sample-views.ts'

/** Tuesday, 09:00 in Kolkata: the week until Sunday, 8 March, is over. */
const now = Date.UTC(2026, 2, 10, 3, 30)
const hostile = 'A title\r\nBcc: everybody@evil.example\u202e <script>alert(1)</script>'

suite('reports of a site', { timeout: 180_000 }, () => {
  let directory: string
  let registry: Registry
  let store: Store
  let receiver: SmtpReceiver
  let site: string
  /** Views of the week before the reported one, and of the reported one, in Kolkata. */
  let weeks: number[] = []
  const hooks: { readonly headers: Record<string, string>; readonly body: string }[] = []
  const hook = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      hooks.push({
        headers: request.headers as Record<string, string>,
        body: Buffer.concat(parts).toString(),
      })
      response.end()
    })
  })
  const open = async () => {
    registry = await openRegistry({ directory: join(directory, 'registry') })
  }
  const send = (at = now) => {
    const insights = createInsights({ registry, store })
    return sendReports({ registry, store, insights, now: () => at }, new AbortController().signal)
  }

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'peerpress-sent-reports-'))
    receiver = await startSmtpReceiver()
    hook.listen(0, '127.0.0.1')
    await once(hook, 'listening')
    await open()
    store = await openStore({ directory: join(directory, 'store') })
    const input = { url: 'https://garden.example', consent: 'assumed', allowPrivateAddresses: true } as const
    site = (await registry.sites.add(input)).site.id
    await registry.sites.configure(site, { timeZone: 'Asia/Kolkata' })
    const views = sampleViews(site, 300, Date.UTC(2026, 2, 9))
    weeks = [Date.UTC(2026, 1, 22, 18, 30), Date.UTC(2026, 2, 1, 18, 30)].map((start) => {
      const days = views.map(({ started_at }) => Date.parse(`${started_at.replace(' ', 'T')}Z`) - start)
      return days.filter((ms) => ms >= 0 && ms < 7 * 86_400_000).length
    })
    await store.insertViews(Buffer.from(views.map((row) => JSON.stringify(row)).join('\n')), 'sample')
    const total = { kind: 'total', key: '', clicks: 30, impressions: 900, position: 7.25 } as const
    const property = 'sc-domain:garden.example'
    await registry.searchConnections.connect({ site, kind: 'oauth', account: null, credential: 'refresh' })
    await registry.searchConnections.choose(site, property)
    await store.recordSearchDays({
      site,
      property,
      readAt: new Date(now),
      days: [{ day: '2026-03-03', rows: [total] }],
    })
    const content = {
      sentence: hostile,
      action: 'Do it.',
      link: '/',
      samples: 100,
      minSamples: 50,
      figures: [],
      reasons: [],
      country: null,
      post: null,
    }
    await registry.findings.record({
      site,
      regions: {},
      findings: [{ rule: 'slow-template', subject: '/x', content, effect: 0.5, score: 9 }],
      worse: 1.5,
    })
  })
  after(async () => {
    hook.close()
    await receiver.close()
    await store.close()
    await registry.close()
    await rm(directory, { recursive: true, force: true })
  })

  test('a week and a month end at midnight of the site', () => {
    const at = (text: string) => new Date(text)
    // Monday has begun in Kolkata, and not yet in UTC.
    const week = lastPeriod('weekly', 'Asia/Kolkata', at('2026-03-08T19:00:00Z'))
    assert.deepEqual(
      [week.firstDay, week.lastDay, week.before.firstDay],
      ['2026-03-02', '2026-03-08', '2026-02-23'],
    )
    assert.equal(lastPeriod('weekly', 'UTC', at('2026-03-08T19:00:00Z')).firstDay, '2026-02-23')
    const month = lastPeriod('monthly', 'America/New_York', at('2026-03-01T04:00:00Z'))
    assert.deepEqual(
      [month.firstDay, month.lastDay, month.before.firstDay, month.before.lastDay],
      ['2026-01-01', '2026-01-31', '2025-12-01', '2025-12-31'],
    )
    assert.equal(lastPeriod('monthly', 'UTC', at('2026-03-01T04:00:00Z')).lastDay, '2026-02-28')
  })

  test('are delivered once by e-mail and webhook, also when servers race and restart', async () => {
    const mail = { site, kind: 'email', target: 'owner@garden.example' } as const
    const target = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/hook`
    const email = (await registry.channels.add(mail)).channel.id
    const { channel, secret } = await registry.channels.add({ site, kind: 'webhook', target })
    await registry.reportSchedules.add({
      site,
      cadence: 'weekly',
      channels: [email, channel.id],
      lastPeriod: '2026-02-23',
    })
    // The week is over for an hour; it is reported in the morning.
    await send(Date.UTC(2026, 2, 8, 19, 30))
    assert.equal((await registry.notifications.state(email)).pending, 0)
    await Promise.all([send(), send()])
    await registry.close()
    await open()
    await send()
    assert.equal((await registry.notifications.state(email)).pending, 1)

    const role = createWatchRole({
      registry,
      store,
      mail: { url: receiver.url, from: 'reports@peerpress.example' },
      publicUrl: () => 'https://peerpress.example',
      report: (problem, error) => assert.fail(`${problem} ${String(error)}`),
    })
    await role.start()
    await receiver.until(1)
    while (hooks.length === 0) await new Promise((resolve) => setImmediate(resolve))
    while ((await registry.notifications.state(email)).pending > 0) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    await send()
    await role.stop(1000)

    assert.deepEqual([receiver.received.length, hooks.length], [1, 1])
    const [received] = receiver.received
    assert.ok(received)
    assert.equal(headerOf(received, 'Subject'), 'Weekly report: garden.example')
    assert.equal(headerOf(received, 'Bcc'), null)
    assert.match(
      headerOf(received, 'List-Unsubscribe') ?? '',
      /https:\/\/peerpress\.example\/v1\/unsubscribe\//,
    )
    const text = Buffer.from(
      received.raw
        .slice(received.raw.indexOf('\r\n\r\n'))
        .replaceAll('=\r\n', '')
        .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16))),
      'latin1',
    ).toString('utf8')
    assert.match(text, /2026-03-02 to 2026-03-08/)
    const [earlier = 0, reported = 0] = weeks
    assert.ok(earlier > 0 && reported > 0 && reported !== earlier, weeks.join())
    const change = Math.abs(reported / earlier - 1)
    const percent = change < 0.1 ? Math.round(change * 1000) / 10 : Math.round(change * 100)
    const changed = `${percent}\u{a0}% ${reported > earlier ? 'more' : 'less'} than in the week before`
    assert.ok(text.includes(`- Views: ${reported} (${changed})`), `${weeks.join()}\n${text}`)
    assert.match(text, /- Clicks in Google’s results: 30/)
    assert.match(
      text,
      /1\. A title Bcc: everybody@evil\.example\s+<script>alert\(1\)<\/script>\r\n\s+What to do: Do it\./,
    )
    assert.match(text, /All findings: https:\/\/peerpress\.example\/sites\/[a-z0-9]+\/findings/)

    const [{ headers, body }] = hooks as [(typeof hooks)[number]]
    const sent = new Webhook(secret ?? '').verify(body, headers) as {
      readonly type: string
      readonly data: {
        readonly report: { readonly figures: unknown[]; readonly findings: { readonly title: string }[] }
      }
    }
    assert.equal(sent.type, 'report')
    assert.deepEqual(sent.data.report.figures[0], {
      name: 'Views',
      value: String(reported),
      change: changed,
    })
    assert.equal(sent.data.report.findings[0]?.title, 'A template is slow')
  })
})
