import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import fc from 'fast-check'
import { CommunityError } from '../community-error.ts'
import type { LedgerEntry } from '../ledger/entry.ts'
import { castVote, type VoteInput } from './cast-vote.ts'
import { recomputeStanding } from './follow-ledger.ts'
import { LedgerFold } from './fold.ts'
import {
  assertFollows,
  dayMs,
  hash,
  openCommunity,
  proof,
  start,
  submission,
  submissionId,
} from './ledger-of.testing.ts'
import { weightUnits } from './rank.ts'
import { trustOf, weightOf } from './weight.ts'

const seed = Number(process.env['PEERPRESS_STANDING_SEED'] ?? 20_260_301)

const members = Array.from({ length: 9 }, (_, i) => `m${i}.example`)
const member = fc.constantFrom(...members)
const post = fc.integer({ min: 0, max: 5 })
type Step =
  | {
      readonly do: 'vote'
      readonly member: string
      readonly post: number
      readonly value: VoteInput['value']
    }
  | { readonly do: 'entry'; readonly entry: LedgerEntry }
const entry = (of: fc.Arbitrary<LedgerEntry>): fc.Arbitrary<Step> =>
  of.map((each) => ({ do: 'entry', entry: each }))
const step = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('vote' as const),
      member,
      post,
      value: fc.constantFrom('up', 'up', 'up', 'down', 'none'),
    }),
  },
  {
    weight: 2,
    arbitrary: entry(
      fc.tuple(fc.integer({ min: 0, max: 7 }), member).map(([index, by]) => submission(index, by)),
    ),
  },
  {
    weight: 2,
    arbitrary: entry(
      fc
        .record({
          action: fc.constantFrom('hide', 'restore', 'ban', 'unban'),
          id: fc.oneof(member, post.map(submissionId)),
        })
        .map(({ action, id }) => ({
          kind: 'decision',
          member: null,
          body: {
            subject: id.includes('.') ? { type: 'member', id } : { type: 'submission', id },
            action,
            reason: hash('reason'),
            by: 'operator',
            appeal: null,
          },
        })),
    ),
  },
  {
    weight: 1,
    arbitrary: entry(
      fc
        .record({ index: post, factor: fc.double({ min: 0.8, max: 1.2, noNaN: true }) })
        .map(({ index, factor }) => ({
          kind: 'performance',
          member: null,
          body: { submission: submissionId(index), day: '2026-01-01', factor },
        })),
    ),
  },
  {
    weight: 1,
    arbitrary: entry(
      fc
        .double({ min: 0, max: 1, noNaN: true })
        .map((mean) => ({ kind: 'feed-mean', member: null, body: { day: '2026-01-01', mean } })),
    ),
  },
  {
    weight: 1,
    arbitrary: entry(
      fc.oneof(
        member.map((by): LedgerEntry => ({ kind: 'left', member: by, body: { reason: 'left' } })),
        fc.tuple(member, fc.constantFrom('a', 'b', 'c')).map(([by, account]) => proof(by, account)),
      ),
    ),
  },
)

suite('standing', { timeout: 240_000 }, () => {
  let community: Awaited<ReturnType<typeof openCommunity>>
  before(async () => {
    community = await openCommunity()
  })
  after(() => community.close())
  const views = { count: () => Promise.resolve(100) }
  const vote = (input: Omit<VoteInput, 'reason'>) =>
    castVote(
      { ...community, views, now: () => community.clock.now },
      {
        reason: input.value === 'down' ? 'It is copied.' : null,
        ...input,
      },
    )

  test('tables, order and weights equal a recomputation from the ledger, whatever happens', async () => {
    console.log(`seed ${seed}`)
    const [steps = []] = fc.sample(fc.array(step, { minLength: 240, maxLength: 240 }), { seed, numRuns: 1 })
    const first = [0, 1, 2, 3, 4, 5].map((index) => submission(index, members[index] ?? ''))
    await community.ledger.append([...members.map((each) => proof(each)), ...first])
    community.clock.now = start + 20 * dayMs
    const fold = new LedgerFold()
    let [seq, checked] = [0, 0]
    const read = async () => {
      const events = await community.ledger.read({ after: seq, limit: 1000 })
      seq = events.at(-1)?.seq ?? seq
      return events
    }
    for (const [index, each] of steps.entries()) {
      for (const event of await read()) fold.add(event)
      community.clock.now += 3_600_000
      if (each.do === 'entry') await community.ledger.append([each.entry])
      else if (await castAndCheck(each, fold)) checked++
      if (index % 60 === 59) await assertFollows(community)
    }
    assert.ok(checked > 20, `${checked} weights were compared`)
    await community.registry.ledger.transaction((within) => recomputeStanding(within))
    await assertFollows(community)
    assert.deepEqual((await community.registry.ledger.verify()).problems, [])
  })

  /** Casts a vote, and requires the weight that the slow recomputation gives it. Returns false if it got none. */
  async function castAndCheck(
    { member: by, post: index, value }: Step & { readonly do: 'vote' },
    fold: LedgerFold,
  ): Promise<boolean> {
    const last = (await community.registry.standing.head())?.seq ?? 0
    try {
      await vote({ member: by, submission: submissionId(index), value })
    } catch (error) {
      if (error instanceof CommunityError) return false
      throw error
    }
    const [event] = await community.ledger.read({ after: last, limit: 1 })
    if (event?.kind !== 'vote' || event.body.value === 'none' || event.body.weight === 0) return false
    const sign = event.body.value === 'up' ? 1 : -1
    const { since } = (await community.registry.standing.member(by)) ?? {}
    const trust = trustOf({ since: since ?? Number.NaN, now: community.clock.now, views: 100 })
    const expected = weightOf(trust, fold.similarities(by, submissionId(index), sign))
    assert.equal(Math.round(event.body.weight * weightUnits), expected)
    return true
  }
})
