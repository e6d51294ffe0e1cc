import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { ledgerText } from '@peerpress/registry'
import { CommunityError, type CommunityErrorCode } from '../community-error.ts'
import type { LedgerEntry } from '../ledger/entry.ts'
import { castVote, type VoteInput } from './cast-vote.ts'
import {
  assertFollows,
  dayMs,
  hash,
  openCommunity,
  proof,
  submission,
  submissionId,
} from './ledger-of.testing.ts'

suite('votes', { timeout: 240_000 }, () => {
  let community: Awaited<ReturnType<typeof openCommunity>>
  before(async () => {
    community = await openCommunity()
  })
  after(() => community.close())
  const views = { count: () => Promise.resolve(100) }
  const vote = (input: Partial<VoteInput> & Pick<VoteInput, 'member'>, counted = views) =>
    castVote(
      { ...community, views: counted, now: () => community.clock.now },
      {
        submission: id(0),
        value: 'up',
        reason: input.value === 'down' ? 'It is copied.' : null,
        ...input,
      },
    )
  const refused = async (code: CommunityErrorCode, promise: Promise<unknown>) => {
    await assert.rejects(promise, (error) => error instanceof CommunityError && error.code === code)
  }

  let [author, a, b, c] = ['', '', '', '']
  let first = 100
  /** Gives posts and member sites of their own to a test. */
  const begin = async () => {
    first += 100
    const own = ['author', 'a', 'b', 'c'].map((name) => `${name}${first}.example`)
    ;[author = '', a = '', b = '', c = ''] = own
    const posts = [0, 1, 2, 3].map((index) => submission(first + index, author))
    const begun = community.clock.now
    await community.ledger.append([...own.map((each) => proof(each)), ...posts])
    // A later proof of the same site does not make it younger.
    for (const day of [30, 60, 90]) {
      community.clock.now = begun + day * dayMs
      await community.ledger.append(own.map((each) => proof(each)))
    }
    community.clock.now += dayMs
  }
  const id = (index: number) => submissionId(first + index)
  const standingOf = async (index = 0) => community.registry.standing.post(id(index))
  const decide = (action: 'ban' | 'unban', banned: string) =>
    community.ledger.append([
      {
        kind: 'decision',
        member: null,
        body: {
          subject: { type: 'member', id: banned },
          action,
          reason: hash('why'),
          by: 'operator',
          appeal: null,
        },
      },
    ])

  test('a ban removes exactly the votes of the banned, and an appeal restores the exact score', async () => {
    await begin()
    for (const index of [0, 1, 2])
      for (const by of [a, b, c]) await vote({ member: by, submission: id(index) })
    await vote({ member: b, submission: id(3), value: 'down' })
    const withAll = [await standingOf(0), await standingOf(3)]
    await decide('ban', b)
    const banned = await standingOf(0)
    const votes = await community.ledger.transaction(async ({ standing }) => [
      await standing.vote(id(0), a),
      await standing.vote(id(0), c),
    ])
    assert.equal(
      banned?.up,
      votes.reduce((sum, of) => sum + (of?.weight ?? Number.NaN), 0),
    )
    assert.deepEqual([(await standingOf(3))?.down, banned.upVotes], [0, 3])
    await refused('banned', vote({ member: b, submission: id(3) }))
    await decide('unban', b)
    assert.deepEqual([await standingOf(0), await standingOf(3)], withAll)
    await assertFollows(community)
  })

  test('a vote counts once, can be turned and withdrawn, and leaves no trace then', async () => {
    await begin()
    const untouched = await standingOf()
    const cast = await vote({ member: a })
    assert.equal(cast.weight, 1)
    assert.deepEqual((await vote({ member: a })).rank, cast.rank)
    const rows = await community.ledger.read({ limit: 9, kinds: ['vote'], member: a })
    assert.equal(rows.length, 1)
    const turned = await vote({ member: a, value: 'down' })
    assert.deepEqual([turned.rank.upvotes, turned.rank.downvotes], [0, 1])
    const [reason] = await community.registry.standing.reasonsOf(id(0), 10)
    assert.equal(reason?.reason, 'It is copied.')
    await vote({ member: a, value: 'none' })
    assert.deepEqual(await standingOf(), untouched)
    await assertFollows(community)
  })

  test('a vote weighs nothing before 14 days and 100 views, half then, and all after 90 days', async () => {
    await begin()
    assert.equal((await vote({ member: a }, { count: () => Promise.resolve(99) })).weight, 0)
    const newcomer = 'new.example'
    const begun = community.clock.now
    await community.ledger.append([proof(newcomer)])
    const weights: number[] = []
    for (const [index, days] of [0, 13.9, 14, 36].entries()) {
      community.clock.now = begun + days * dayMs
      weights.push((await vote({ member: newcomer, submission: id(index) })).weight)
    }
    assert.deepEqual(weights, [0, 0, 0.5, 0.5])
    // 37 days after its last proof it is no member, and a later proof begins anew.
    community.clock.now = begun + 74 * dayMs
    await refused('not-member', vote({ member: newcomer }))
    await community.ledger.append([proof(newcomer)])
    community.clock.now += dayMs
    assert.equal((await vote({ member: newcomer, value: 'down' })).weight, 0)
  })

  test('a vote inside the own cluster weighs nothing, through any chain of accounts and keys', async () => {
    await begin()
    await community.ledger.append([proof(author, `account-${first}`)])
    const linked = {
      kind: 'proof',
      member: a,
      body: { site: `site-${a}`, domain: a, accounts: [`account-${first}`], keys: [hash(`k${first}`)] },
    }
    const far = {
      kind: 'proof',
      member: b,
      body: { site: `site-${b}`, domain: b, accounts: [], keys: [hash(`k${first}`)] },
    }
    await community.ledger.append([linked, far] as LedgerEntry[])
    assert.equal((await vote({ member: author })).weight, 0)
    assert.equal((await vote({ member: a })).weight, 0)
    assert.equal((await vote({ member: b })).weight, 0)
    assert.notEqual((await vote({ member: c })).weight, 0)
  })

  test('the 21st vote of a day is refused, a withdrawal is not, also when the clock is set back', async () => {
    await begin()
    await community.ledger.append(Array.from({ length: 25 }, (_, i) => submission(first + 10 + i, author)))
    const results = await Promise.allSettled(
      Array.from({ length: 25 }, (_, i) => vote({ member: a, submission: id(10 + i) })),
    )
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 20)
    await vote({ member: a, submission: id(10), value: 'none' })
    community.clock.now -= 40 * 60_000
    await refused('too-many-votes', vote({ member: a, submission: id(34) }))
    community.clock.now += dayMs + 3_600_000
    await vote({ member: a, submission: id(34) })
  })

  test('a vote without what it needs is refused', async () => {
    await begin()
    await refused('invalid-reason', vote({ member: a, value: 'down', reason: ' ' }))
    await refused('invalid-reason', vote({ member: a, value: 'down', reason: 'x'.repeat(501) }))
    await refused('invalid-reason', vote({ member: a, value: 'up', reason: 'why' }))
    await refused('not-member', vote({ member: 'nobody.example' }))
    await refused('unknown-submission', vote({ member: a, submission: id(99) }))
    await refused(
      'invalid-entry',
      community.ledger.append([{ ...submission(first + 50, author), member: 'no host' }]),
    )
  })

  test('texts of a post come with the feed, and an erased one is null', async () => {
    await begin()
    const title = ledgerText('A <b>title</b>')
    const shared = submission(first + 60, author) as LedgerEntry & { kind: 'submission' }
    await community.ledger.append([{ ...shared, body: { ...shared.body, title: title.hash } }], [title])
    const [found] = await community.registry.standing.feed({ order: 'new', limit: 1, language: 'en' })
    assert.equal(found?.texts.title, 'A <b>title</b>')
    await community.registry.ledger.eraseTexts([title.hash])
    assert.equal((await standingOf(60))?.texts.title, null)
  })

  test('pages of a feed follow each other without a gap', async () => {
    await begin()
    await community.ledger.append(Array.from({ length: 20 }, (_, i) => submission(first + 70 + i, author)))
    for (const index of [70, 75, 80]) await vote({ member: a, submission: id(index) })
    for (const order of ['hot', 'new'] as const) {
      const query = { order, language: 'de' }
      const all = await community.registry.standing.feed({ ...query, limit: 100 })
      const paged: typeof all = []
      for (;;) {
        const page = await community.registry.standing.feed({ ...query, limit: 5, after: paged.at(-1) })
        paged.push(...page)
        if (page.length === 0) break
      }
      assert.deepEqual(paged, all)
      assert.ok(all.length >= 10 && all.every((of) => of.language === 'de'))
    }
    for (const wrong of ['\0', '\ud800', 'xx']) {
      assert.deepEqual(
        await community.registry.standing.feed({ order: 'hot', language: wrong, limit: 9 }),
        [],
      )
    }
  })
})
