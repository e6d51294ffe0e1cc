import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRegistry, type WholeStanding } from '@peerpress/registry'
import { type CommunityLedger, createCommunityLedger } from '../ledger/community-ledger.ts'
import type { LedgerEntry, LedgerEvent } from '../ledger/entry.ts'
import { LedgerFold } from './fold.ts'

export const start = Date.UTC(2026, 0, 1)
export const dayMs = 86_400_000
export const hash = (text: string) => Buffer.from(text.padEnd(32, '-')).toString('hex').slice(0, 64)
export const submissionId = (index: number) => `post${String(index).padStart(12, '0')}`

/** Opens a registry with a ledger, and a clock that tests set, in a new directory or an existing one. */
export async function openCommunity(directory = mkdtempSync(join(tmpdir(), 'peerpress-community-'))) {
  const clock = { now: start }
  const open = () =>
    openRegistry({
      directory: join(directory, 'registry'),
      ledgerFile: join(directory, 'ledger-key.json'),
      now: () => clock.now,
    })
  let registry = await open()
  let ledger = createCommunityLedger({ registry })
  return {
    get registry() {
      return registry
    },
    get ledger() {
      return ledger
    },
    clock,
    directory,
    /** Opens it again as after a restart. */
    reopen: async (meanwhile: () => void) => {
      await registry.close()
      meanwhile()
      registry = await open()
      ledger = createCommunityLedger({ registry })
    },
    close: async () => {
      await registry.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

export function proof(member: string, account = member): LedgerEntry {
  return {
    kind: 'proof',
    member,
    body: { site: `site-${member}`, domain: member, accounts: [account], keys: [] },
  }
}

export function submission(index: number, member: string): LedgerEntry {
  return {
    kind: 'submission',
    member,
    body: {
      id: submissionId(index),
      site: `site-${member}`,
      post: String(index),
      url: `https://${member}/${index}`,
      language: index % 2 === 0 ? 'en' : 'de',
      region: null,
      topics: ['tests'],
      title: hash(`title ${index}`),
      summary: null,
      picture: null,
    },
  }
}

async function readAll(ledger: CommunityLedger): Promise<LedgerEvent[]> {
  const events: LedgerEvent[] = []
  for (;;) {
    const some = await ledger.read({ after: events.at(-1)?.seq ?? 0, limit: 1000 })
    events.push(...some)
    if (some.length < 1000) return events
  }
}

/** Returns the standing that follows from the ledger, computed in memory. */
export async function recomputed(ledger: CommunityLedger): Promise<WholeStanding> {
  const fold = new LedgerFold()
  for (const event of await readAll(ledger)) fold.add(event)
  return fold.result()
}

/** Requires that every table of the standing is exactly what follows from the ledger. */
export async function assertFollows({
  ledger,
  registry,
}: Awaited<ReturnType<typeof openCommunity>>): Promise<void> {
  const expected = await recomputed(ledger)
  assert.deepEqual(await registry.standing.head(), expected.head)
  await ledger.transaction(async ({ standing }) => {
    for (const { norms, facts, ...member } of expected.members) {
      assert.deepEqual(await standing.member(member.member), member)
      assert.deepEqual(await standing.norms(member.member), norms, `norms of ${member.member}`)
      assert.ok(facts.length > 0 || member.site === null)
    }
    for (const post of expected.posts) assert.deepEqual(await standing.post(post.submission), post)
    for (const vote of expected.votes) {
      assert.deepEqual(await standing.vote(vote.submission, vote.member), vote)
    }
  })
  const visible = expected.posts.filter(({ isVisible }) => isVisible)
  const order = visible.toSorted((a, b) => b.hot - a.hot || b.seq - a.seq).map((post) => post.submission)
  const stored = await registry.standing.feed({ order: 'hot', limit: 1000 })
  assert.deepEqual(
    stored.map((post) => post.submission),
    order,
  )
}
