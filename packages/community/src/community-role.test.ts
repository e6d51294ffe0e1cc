import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { openStore, rowTime, type Store } from '@peerpress/store'
import { createCommunityRole } from './community-role.ts'
import { closeDay } from './standing/close-day.ts'
import {
  assertFollows,
  dayMs,
  openCommunity,
  proof,
  submission,
  submissionId,
} from './standing/ledger-of.testing.ts'

const author = 'author.example'
const site = `site-${author}`

suite('role community', { timeout: 240_000 }, () => {
  let community: Awaited<ReturnType<typeof openCommunity>>
  let store: Store
  before(async () => {
    community = await openCommunity()
    store = await openStore({ directory: join(community.directory, 'store') })
  })
  after(async () => {
    await store.close()
    await community.close()
  })
  const role = (reports: string[] = []) =>
    createCommunityRole({
      registry: community.registry,
      store,
      report: (problem) => reports.push(problem),
      now: () => community.clock.now,
    })

  test('each day has one mean, and a factor only for posts with 100 views whose factor has changed', async () => {
    await community.ledger.append([proof(author), ...[0, 1, 2, 3].map((index) => submission(index, author))])
    community.clock.now += 2 * dayMs
    const until = community.clock.now - dayMs
    await store.insertViews(
      Buffer.concat([
        views({ post: '0', count: 120, until, lcp: 900, engaged: 60_000 }),
        views({ post: '1', count: 120, until, lcp: 3000, engaged: 5000 }),
        views({ post: '2', count: 99, until, lcp: 100, engaged: 90_000 }),
      ]),
      'views',
    )
    const close = () => closeDay({ ...community, store, now: () => community.clock.now })
    await close()
    await close()
    const events = await community.ledger.read({ limit: 99, kinds: ['performance', 'feed-mean'] })
    const factors = await Promise.all(
      [0, 1, 2, 3].map(
        async (index) => (await community.registry.standing.post(submissionId(index)))?.factor,
      ),
    )
    // Of two posts one is at the 75th percentile in each measure and one at the 25th; none failed, so they share the third.
    assert.deepEqual(factors, [1.067, 0.933, 1, 1])
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['performance', 'performance', 'feed-mean'],
    )
    community.clock.now += dayMs
    await close()
    const later = await community.ledger.read({ limit: 99, after: events.at(-1)?.seq ?? 0 })
    assert.deepEqual(
      later.map(({ kind }) => kind),
      ['feed-mean'],
    )
    await assertFollows(community)
  })

  test('computes the standing from the ledger at its start where an upgrade has emptied the tables', async () => {
    const voter = 'voter.example'
    const body = { submission: submissionId(0), value: 'up', weight: 0.5, reason: null } as const
    await community.ledger.append([proof(voter), { kind: 'vote', member: voter, body }])
    await community.ledger.transaction(async ({ sql }) => {
      for (const table of ['head', 'member', 'fact', 'post', 'vote'])
        await sql.query(`delete from peerpress.standing_${table}`)
    })
    assert.equal(await community.registry.standing.head(), null)
    const upgraded = role()
    await upgraded.start()
    await upgraded.stop(1000)
    assert.equal((await community.registry.standing.post(submissionId(0)))?.upGiven, 500_000)
    await assertFollows(community)
  })

  test('is well with a whole ledger, and reports one whose last row is not the known one', async () => {
    const file = join(community.directory, 'ledger-key.json')
    const whole = role()
    await whole.start()
    assert.deepEqual(await whole.health(), { ok: true, detail: null })
    await whole.stop(1000)
    const known = JSON.parse(readFileSync(file, 'utf8')) as { readonly seq: number }
    await community.reopen(() => writeFileSync(file, JSON.stringify({ ...known, seq: known.seq + 1 })))
    const reports: string[] = []
    const tampered = role(reports)
    await tampered.start()
    await tampered.stop(1000)
    const { ok, detail } = await tampered.health()
    assert.equal(ok, false)
    assert.match(detail ?? '', new RegExp(`^row ${known.seq + 1} of the ledger is missing`))
    assert.ok(reports.some((problem) => problem.includes('not as it was written')))
  })
})

interface SomeViews {
  readonly post: string
  readonly count: number
  readonly until: number
  /** ms */
  readonly lcp: number
  /** ms */
  readonly engaged: number
}

function views({ post, count, until, lcp, engaged }: SomeViews): Buffer {
  const rows = Array.from({ length: count }, (_, index) => {
    const started = rowTime(until - index * 1000)
    return {
      site,
      post,
      view: crypto.randomUUID(),
      sequence: 1,
      started_at: started,
      received_at: started,
      url: `https://${author}/${post}`,
      arm: 'assisted',
      navigation: 'navigate',
      lcp,
      engaged_ms: engaged,
      has_delivery: true,
      assets_complete: 5,
      assets_failed: 0,
    }
  })
  return Buffer.concat(rows.map((row) => Buffer.from(`${JSON.stringify(row)}\n`)))
}
