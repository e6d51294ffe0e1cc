import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { before, describe, test } from 'node:test'
import { agentReader } from './agent.ts'
import { openReferrerList, type ReferralOf } from './referral.ts'
import { botList, makeLists, referrerList } from './refresh-lists.ts'

const table = async (name: string): Promise<[string, string][]> =>
  (await readFile(new URL(name, import.meta.url), 'utf8'))
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t') as [string, string])
const hosts = await table('referrer-hosts.testing.tsv')
const agents = await table('agents.testing.tsv')

describe('lists of referrers and bots', () => {
  let referralOf: ReferralOf
  before(async () => {
    referralOf = await openReferrerList()
  })
  const classOf = (referrer: string) =>
    referralOf({ referrer, campaign: null }, ['https://blog.example']).class

  for (const [host, expected] of hosts) {
    test(`${host} is of the class ${expected}`, () => assert.equal(classOf(host), expected))
  }

  test('a country domain counts for names that exist in every country, and not for names around them', () => {
    for (const host of ['www.pinterest.fr', 'pinterest.com.mx', 'br.pinterest.com'])
      assert.equal(classOf(host), 'social', host)
    for (const host of ['pinterest.example.de', 'mypinterest.de', 'pinterest.evil.test', 'pinterest.evil'])
      assert.equal(classOf(host), 'referral', host)
    assert.equal(classOf('yandex.com.tr'), 'search')
    assert.equal(classOf('disk.yandex.de'), 'referral')
  })

  test('a two-letter subdomain is a front page only of engines that have one', () => {
    assert.deepEqual(['fr.startpage.com', 'cn.bing.com', 'ai.google.com', 'tv.naver.com'].map(classOf), [
      'search',
      'search',
      'referral',
      'referral',
    ])
  })

  for (const [who, userAgent] of agents) {
    test(`${who}: ${userAgent}`, () => {
      assert.equal(agentReader()(userAgent).bot === null ? 'reader' : 'bot', who)
    })
  }

  test('a bot on an Android device is recognized, whatever the device', () => {
    const userAgent =
      'Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/41.0.2272.96 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'
    assert.equal(agentReader()(userAgent).bot, 'Googlebot')
    const inTheDevice =
      'Mozilla/5.0 (Linux; Android 8.0; Pixel 2 Build/OPD3.170816.012; Storebot-Google/1.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/81.0.4044.138 Mobile Safari/537.36'
    assert.equal(agentReader()(inTheDevice).bot, 'Storebot-Google')
  })

  test('the checked-in lists equal those of the installed packages', async () => {
    const { referrers, bots } = await makeLists()
    assert.equal(await readFile(referrerList, 'utf8'), referrers)
    assert.equal(await readFile(botList, 'utf8'), bots)
  })
})
