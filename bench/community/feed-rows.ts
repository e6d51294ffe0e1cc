import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchRow } from '@peerpress/cli'
import { castVote, createCommunityLedger, type LedgerEntry, recomputeStanding } from '@peerpress/community'
import { type FeedPost, type FeedQuery, ledgerText, openRegistry, type Registry } from '@peerpress/registry'
import { seededRandom } from '@peerpress/swarm/simulation'
import { alone } from './attack-rows.ts'

const languages = ['en', 'de', 'fr', 'es', 'pt', 'ja'] as const
const regions = ['US', 'DE', 'FR', 'BR', 'JP', 'IN', 'GB'] as const
const dayMs = 86_400_000
const rowsAtOnce = 5000

/** How much there is. */
export interface FeedSize {
  readonly members: number
  readonly posts: number
  readonly votes: number
  /** How often each page and the vote are measured. */
  readonly rounds: number
}

/** Makes a feed of that size in a database of its own, and returns how long its pages and votes take. */
export async function feedRows(size: FeedSize): Promise<BenchRow[]> {
  const directory = mkdtempSync(join(tmpdir(), 'peerpress-bench-community-'))
  const clock = { now: Date.UTC(2026, 0, 1) }
  const registry = await openRegistry({
    directory: join(directory, 'registry'),
    ledgerFile: join(directory, 'ledger-key.json'),
    now: () => clock.now,
  })
  try {
    await fill(registry, size, clock)
    const recomputed = await msOf(() => registry.ledger.transaction((within) => recomputeStanding(within)))
    const verified = await msOf(async () => {
      const { problems } = await registry.ledger.verify()
      if (problems.length > 0) throw new Error('the ledger that was just written does not verify')
    })
    // As each night: the embedded engine is vacuumed.
    await registry.forgetOld()
    const pages = await measurePages(registry, size)
    const votes = await measureVotes(registry, size, clock)
    return [
      limited('feed page, hot and new, by language and region, p95, ms', percentile(pages, 0.95), 50),
      limited('vote on a leading post, p95, ms', percentile(votes, 0.95), 100),
      alone('check of the ledger, s', verified / 1000),
      alone('recomputation of the standing, s', recomputed / 1000),
    ]
  } finally {
    await registry.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

const memberOf = (index: number) => `site-${index}.example`
const submissionOf = (index: number) => index.toString(36).padStart(16, '0')

/** Posts have from none to hundreds of votes: a post's attraction is drawn from a long-tailed distribution. */
async function fill(registry: Registry, size: FeedSize, clock: { now: number }): Promise<void> {
  const random = seededRandom(20_260_301)
  const below = (n: number) => Math.floor(random() * n)
  const append = async (entries: readonly LedgerEntry[]) => {
    for (let at = 0; at < entries.length; at += rowsAtOnce) {
      const texts = entries
        .slice(at, at + rowsAtOnce)
        .flatMap(({ kind }) => (kind === 'submission' ? titles.splice(0, 1) : []))
      await registry.ledger.append(entries.slice(at, at + rowsAtOnce), texts)
      clock.now += 60_000
    }
  }
  const titles = Array.from({ length: size.posts }, (_, index) =>
    ledgerText(`Post ${index}: what readers liked`),
  )
  const hashes = titles.map(({ hash }) => hash)
  await append(
    Array.from({ length: size.members }, (_, index) => ({
      kind: 'proof',
      member: memberOf(index),
      body: { site: `site${index}`, domain: memberOf(index), accounts: [`account${index}`], keys: [] },
    })),
  )
  await append(
    Array.from({ length: size.posts }, (_, index): LedgerEntry => {
      const author = below(size.members)
      return {
        kind: 'submission',
        member: memberOf(author),
        body: {
          id: submissionOf(index),
          site: `site${author}`,
          post: String(index),
          url: `https://${memberOf(author)}/${index}`,
          language: languages[below(languages.length)] ?? null,
          region: regions[below(regions.length)] ?? null,
          topics: ['bench'],
          title: hashes[index] ?? '',
          summary: null,
          picture: null,
        },
      }
    }),
  )
  for (let at = 0; at < size.votes; at += rowsAtOnce) {
    await append(
      Array.from({ length: Math.min(rowsAtOnce, size.votes - at) }, () => ({
        kind: 'vote',
        member: memberOf(below(size.members)),
        body: {
          submission: submissionOf(Math.floor(size.posts * random() ** 3)),
          value: random() < 0.9 ? 'up' : 'down',
          weight: Math.round(random() * 1e6) / 1e6,
          reason: null,
        },
      })),
    )
  }
  clock.now += 20 * dayMs
  await append(
    Array.from({ length: size.members }, (_, index) => ({
      kind: 'proof',
      member: memberOf(index),
      body: { site: `site${index}`, domain: memberOf(index), accounts: [`account${index}`], keys: [] },
    })),
  )
}

async function measurePages(registry: Registry, { rounds }: FeedSize): Promise<number[]> {
  const times: number[] = []
  for (const order of ['hot', 'new'] as const) {
    for (const filter of [{}, { language: 'de' }, { region: 'JP' }, { language: 'fr', region: 'BR' }]) {
      let after: FeedPost | undefined
      for (let round = 0; round < rounds; round++) {
        const query: FeedQuery = { order, ...filter, after, limit: 30 }
        const begun = performance.now()
        const page = await registry.standing.feed(query)
        times.push(performance.now() - begun)
        after = page.at(-1)
      }
    }
  }
  return times
}

/** The leading posts have most votes, so a vote on them is compared with most others. */
async function measureVotes(
  registry: Registry,
  { members, rounds }: FeedSize,
  clock: { now: number },
): Promise<number[]> {
  const leading = await registry.standing.feed({ order: 'hot', limit: 20 })
  const ledger = createCommunityLedger({ registry })
  const views = { count: () => Promise.resolve(1000) }
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const post = leading[round % leading.length]
    if (post === undefined) throw new Error('the feed is empty')
    const dependencies = { registry, ledger, views, now: () => clock.now }
    const vote = { member: memberOf(round % members), submission: post.submission, reason: null } as const
    // Most member sites voted on the leading posts, and a vote that is cast again as it is changes nothing.
    await castVote(dependencies, { ...vote, value: 'none' })
    times.push(await msOf(() => castVote(dependencies, { ...vote, value: 'up' })))
  }
  return times
}

async function msOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

function percentile(times: readonly number[], p: number): number {
  return times.toSorted((a, b) => a - b)[Math.ceil(times.length * p) - 1] ?? Number.NaN
}

function limited(metric: string, ms: number, limit: number): BenchRow {
  return { ...alone(metric, ms), target: `≤ ${limit}`, met: ms <= limit }
}
