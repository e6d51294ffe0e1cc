import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { beaconOf, requestOf } from './beacon.testing.ts'
import { mmdbFile } from './enrich/mmdb.testing.ts'
import { OpenedCollector } from './opened-collector.testing.ts'
import type { BeaconRequest } from './beacon-context.ts'

const beacon = beaconOf(1)

describe('collector of bots', { timeout: 60_000 }, () => {
  const opened = new OpenedCollector()

  const bySign: Readonly<Record<string, [sign: string, agent: string | null, BeaconRequest]>> = {
    'a crawler that says so': [
      'agent',
      'Googlebot',
      requestOf(beacon, {
        userAgent:
          'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; +http://www.google.com/bot.html) Chrome/140.0.0.0 Safari/537.36',
      }),
    ],
    'a crawler whose name lies where agents are cut': [
      'agent',
      'Googlebo',
      requestOf(beacon, { userAgent: `Mozilla/5.0 ${'x'.repeat(1003)} Googlebot/2.1` }),
    ],
    'a crawler whose name begins long before what gives it away': [
      'agent',
      'x'.repeat(60),
      requestOf(beacon, { userAgent: `${'x'.repeat(900)}bot/2.1` }),
    ],
    'a script': ['agent', 'curl/8.14.1', requestOf(beacon, { userAgent: 'curl/8.14.1' })],
    'a browser that a program drives': ['webdriver', null, requestOf(beaconOf(1, { automated: true }))],
    'attention for longer than the view lasted': [
      'impossible',
      null,
      requestOf(beaconOf(1, { age: 2000, engagement: { engagedMs: 3001, scrollDepth: 1 } })),
    ],
    'a page that nobody touched, painted before it came': [
      'impossible',
      null,
      requestOf(
        beaconOf(1, {
          engagement: { engagedMs: 0, scrollDepth: 0 },
          vitals: { lcp: 900, inp: null, cls: 0, fcp: 100, ttfb: 120 },
        }),
      ),
    ],
  }

  for (const [what, [sign, agent, request]] of Object.entries(bySign)) {
    test(`${what} is a bot by ${sign}, and is stored completely, separate from readers' views`, async () => {
      const collector = await opened.open()
      assert.deepEqual(await collector.receive(request), { accepted: true })
      await collector.flush()
      assert.deepEqual([opened.inserted, opened.drops], [[], []])
      assert.equal(opened.bots.length, 1)
      const [bot] = opened.bots
      assert.deepEqual([bot?.view, bot?.sign, bot?.agent], [beacon.view, sign, agent])
      const snapshot = JSON.parse(bot?.snapshot ?? '') as Record<string, unknown>
      assert.deepEqual([snapshot['url'], snapshot['bytes_peer']], [beacon.url, 3000])
      assert.deepEqual([collector.counts().bot, collector.counts().accepted], [1, 0])
    })
  }

  test('a user agent is read up to 1024 characters', async () => {
    const collector = await opened.open()
    const userAgent = `${requestOf(beacon).userAgent} ${'x '.repeat(512)} Googlebot/2.1`
    assert.deepEqual(await collector.receive(requestOf(beacon, { userAgent })), { accepted: true })
    assert.equal(collector.counts().bot, 0)
  })

  test('a visitor from a data centre is a bot only if it does not interact with the page', async () => {
    const asnFile = join(opened.directory, 'asn.mmdb')
    const system = { autonomous_system_number: 16_509, autonomous_system_organization: 'AMAZON-02' }
    await writeFile(asnFile, mmdbFile({ '193.0.0.0/21': system }))
    const collector = await opened.open({ asnFile })
    const none = { engagedMs: 0, scrollDepth: 0.2 }
    await collector.receive(requestOf(beaconOf(1, { engagement: none })))
    await collector.receive(requestOf(beaconOf(2, { engagement: none }), { address: '133.11.0.1' }))
    await collector.receive(requestOf(beaconOf(3)))
    await collector.flush()
    assert.deepEqual(
      opened.bots.map(({ view, sign }) => [view, sign]),
      [[beaconOf(1).view, 'data-centre']],
    )
    assert.deepEqual(
      opened.inserted.map(({ view }) => view),
      [beaconOf(2).view, beaconOf(3).view],
    )
  })
})
