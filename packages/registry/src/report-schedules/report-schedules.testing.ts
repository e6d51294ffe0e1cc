import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { refused, type SuiteContext } from '../suite.testing.ts'

/** Reports that are sent again and again, whatever database they are in. */
export function describeReportSchedules(context: SuiteContext): void {
  describe('report schedules', () => {
    const siteWithChannels = async (path: string) => {
      const { channels } = context.registry()
      const { site } = await context.site(path)
      const target = `${path}@blog.example`
      const mail = (await channels.add({ site: site.id, kind: 'email', target })).channel.id
      const hook = (
        await channels.add({ site: site.id, kind: 'webhook', target: `https://h.example/${path}` })
      ).channel.id
      return { site: site.id, url: site.url, mail, hook }
    }
    const contentOf = ({ site, url }: { readonly site: string; readonly url: string }) => ({
      site: { id: site, url },
      incident: null,
      text: 'A report.',
    })

    test('the report of a period is written once for each channel, however many servers send it', async () => {
      const { reportSchedules, notifications } = context.registry()
      const of = await siteWithChannels('reports')
      const { site, mail, hook } = of
      const added = await reportSchedules.add({
        site,
        cadence: 'weekly',
        channels: [mail, hook, mail],
        lastPeriod: '2026-01-05',
      })
      assert.deepEqual(added.channels, [mail, hook].toSorted())
      assert.deepEqual(await reportSchedules.of(site), [added])
      assert.deepEqual(await reportSchedules.get(added.id), added)
      assert.equal(await reportSchedules.send(added.id, '2026-01-05', contentOf(of)), 0)
      const sent = await Promise.all(
        [1, 2, 3].map(() => reportSchedules.send(added.id, '2026-01-12', contentOf(of))),
      )
      assert.deepEqual(
        sent.toSorted((a, b) => a - b),
        [0, 0, 2],
      )
      for (const channel of [mail, hook]) {
        const { last, pending } = await notifications.state(channel)
        assert.deepEqual([last?.type, last?.content.text, pending], ['report', 'A report.', 1])
      }
      assert.equal((await reportSchedules.get(added.id))?.lastPeriod, '2026-01-12')
    })

    test('a receiver that unsubscribed gets no report, and a channel without alerts gets reports alone', async () => {
      const { reportSchedules, notifications, channels, incidents } = context.registry()
      const of = await siteWithChannels('reports-only')
      const { site, mail, hook } = of
      const { id } = await reportSchedules.add({
        site,
        cadence: 'monthly',
        channels: [mail, hook],
        lastPeriod: '2025-12-01',
      })
      await channels.subscribe(hook, false)
      assert.equal((await channels.setAlerts(mail, false))?.hasAlerts, false)
      const since = new Date(context.now())
      await incidents.apply(site, [
        { type: 'open', symptom: 'origin-down', severity: 'page', summary: 'Dead.', since },
      ])
      assert.equal((await notifications.state(mail)).last, null)
      assert.equal(await reportSchedules.send(id, '2026-01-01', contentOf(of)), 1)
      assert.equal((await notifications.state(mail)).last?.type, 'report')
      assert.equal((await notifications.state(hook)).last, null)
    })

    test('a report without channels, with those of another site, or beyond the maximum is refused', async () => {
      const { reportSchedules, channels, sites } = context.registry()
      const { site, mail, hook } = await siteWithChannels('reports-refused')
      const other = await siteWithChannels('reports-other')
      const input = { site, cadence: 'weekly', channels: [mail], lastPeriod: '2026-01-05' } as const
      for (const wrong of [[], [other.mail], [mail, other.hook], ['\0']]) {
        await refused('unknown-channel', reportSchedules.add({ ...input, channels: wrong }))
      }
      await refused('unknown-site', reportSchedules.add({ ...input, site: 'zzzzzzzzzzzzzzzz' }))
      for (let i = 0; i < 20; i++) await reportSchedules.add(input)
      await refused('too-many-schedules', reportSchedules.add(input))
      const [first] = await reportSchedules.of(site)
      assert.equal(await reportSchedules.remove(first?.id ?? ''), true)
      assert.equal(await reportSchedules.remove(first?.id ?? ''), false)
      assert.equal(await reportSchedules.get('\0'), null)
      await channels.remove(hook)
      await sites.remove(site)
      assert.deepEqual(await reportSchedules.of(site), [])
    })
  })
}
