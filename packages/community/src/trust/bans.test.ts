import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Site } from '@peerpress/registry'
import { CommunityError, type CommunityErrorCode } from '../community-error.ts'
import { type CommunityBench, openCommunityBench } from '../community.testing.ts'
import { castVote } from '../standing/cast-vote.ts'
import { recomputeStanding } from '../standing/follow-ledger.ts'
import { type Bans, createBans, isBanAppealed, isBanned } from './bans.ts'

const [author, banned, other] = ['author.example', 'ring.example', 'other.example'] as const
const submission = 'a'.repeat(16)
const hash = '0'.repeat(64)

describe('bans of member sites', { timeout: 120_000 }, () => {
  let bench: CommunityBench
  let site: Site
  let bans: Bans

  before(async () => {
    bench = await openCommunityBench()
    bans = newBans()
    const { registry, ledger } = bench
    site = (await bench.addSite('ring.localhost')).site
    await registry.memberSites.record({
      site: site.id,
      member: banned,
      domain: banned,
      skeleton: banned,
      method: 'plugin',
    })
    const proofs = () =>
      ledger.append(
        [author, banned, other].map((member) => ({
          kind: 'proof' as const,
          member,
          body: { site: member === banned ? site.id : member, domain: member, accounts: [member], keys: [] },
        })),
      )
    await proofs()
    bench.advance(20 * 86_400_000)
    await proofs()
    const post = { post: '1', url: 'https://author.example/1', language: null, region: null, topics: [] }
    await ledger.append([
      {
        kind: 'submission',
        member: author,
        body: { id: submission, site: author, ...post, title: hash, summary: null, picture: null },
      },
    ])
    for (const member of [banned, other]) await vote(member)
  })
  after(() => bench.close())

  const newBans = () => createBans({ registry: bench.registry, ledger: bench.ledger })
  const vote = (member: string) =>
    castVote(
      {
        registry: bench.registry,
        ledger: bench.ledger,
        views: { count: async () => 1000 },
        now: () => bench.now(),
      },
      { member, submission, value: 'up', reason: null },
    )
  const scoreOf = () => bench.ledger.transaction(({ standing }) => standing.post(submission))
  const refused = (code: CommunityErrorCode, work: Promise<unknown>) =>
    assert.rejects(work, (error) => error instanceof CommunityError && error.code === code)
  const decision = { member: banned, by: 'operator' } as const

  test('the operator bans with a reason, the site appeals once, and the end of the ban restores the exact score', async () => {
    const unbanned = await scoreOf()
    const begun = await bans.decide({ ...decision, action: 'ban', reason: ' Votes\0 of a ring. ' })
    assert.deepEqual([isBanned(begun), isBanAppealed(begun)], [true, false])
    assert.ok(((await scoreOf())?.up ?? 0) < (unbanned?.up ?? 0))
    await refused('banned', vote(banned))
    const appealed = await bans.appeal({ member: banned, text: 'We are no ring.' })
    assert.deepEqual([isBanned(appealed), isBanAppealed(appealed)], [true, true])
    await refused('appealed', bans.appeal({ member: banned, text: 'Again.' }))
    // Another server, or this one after a restart, finds the same in the ledger.
    assert.deepEqual(await newBans().caseOf(banned), appealed)
    const kept = await bans.decide({ ...decision, action: 'ban', reason: 'It is one.' })
    assert.deepEqual([isBanned(kept), isBanAppealed(kept)], [true, false])
    assert.equal(kept.decisions.at(-1)?.appeal, appealed.appeals[0]?.seq)
    const ended = await bans.decide({ ...decision, action: 'unban', reason: 'It is none.' })
    assert.equal(isBanned(ended), false)
    assert.deepEqual(await scoreOf(), unbanned)
    const texts = await bench.registry.ledger.texts([begun.decisions[0]?.reason ?? ''])
    assert.deepEqual([...texts.values()], ['Votes of a ring.'])
    assert.deepEqual((await bench.registry.ledger.verify()).problems, [])
    await bench.registry.ledger.transaction((within) => recomputeStanding(within))
    assert.deepEqual(await scoreOf(), unbanned)
    assert.deepEqual(await bans.cases(), [ended])
  })

  test('each decision is a notice for the channels of the site', async () => {
    const { channels, notifications } = bench.registry
    const { channel } = await channels.add({ site: site.id, kind: 'email', target: 'ring@mail.example' })
    const first = async () => (await notifications.state(channel.id)).last?.content.text.split('\n')[0]
    await bans.decide({ ...decision, action: 'ban', reason: 'A ring.' })
    assert.match((await first()) ?? '', /has banned this site/)
    await bans.decide({ ...decision, action: 'ban', reason: 'Still.' })
    assert.match((await first()) ?? '', /leaves this site banned/)
    await bans.decide({ ...decision, action: 'unban', reason: 'No ring.' })
    assert.match((await first()) ?? '', /has ended the ban/)
    assert.equal((await notifications.state(channel.id)).pending, 3)
  })

  test('what is no member site, not banned, or without a reason is refused', async () => {
    for (const member of ['nobody.example', '', "x' or 1=1", 'a\0b', 'ä.example', 'x'.repeat(10_000)]) {
      await refused('not-member', bans.decide({ ...decision, member, action: 'ban', reason: 'Why.' }))
    }
    await refused('not-banned', bans.decide({ ...decision, member: other, action: 'unban', reason: 'Why.' }))
    await refused('not-banned', bans.appeal({ member: other, text: 'Why?' }))
    for (const reason of ['', ' \0 ', 'x'.repeat(2001)]) {
      await refused('invalid-reason', bans.decide({ ...decision, action: 'ban', reason }))
    }
  })

  test('two servers that decide at once ban once in effect, and a site appeals once', async () => {
    const servers = [newBans(), newBans()]
    const unbanned = await scoreOf()
    await Promise.all(servers.map((each) => each.decide({ ...decision, action: 'ban', reason: 'A ring.' })))
    const appeals = await Promise.allSettled(
      servers.map((each) => each.appeal({ member: banned, text: 'No.' })),
    )
    assert.deepEqual(appeals.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
    await bans.decide({ ...decision, action: 'unban', reason: 'No ring.' })
    assert.deepEqual(await scoreOf(), unbanned)
  })
})
