import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createRecordId, epochOf, openRegistry } from '@peerpress/registry'
import { type LentRun, receiptOf, takers } from './lent-run.testing.ts'

const owner = fileURLToPath(new URL('receipts-owner.testing.ts', import.meta.url))
const kills = 3
const day = 86_400_000
const seed = Number(process.env['PEERPRESS_KILL_SEED'] ?? 20_260_301)

test(
  'a server that is killed while receipts stream loses none that it answered, and counts none twice',
  { timeout: 240_000 },
  async () => {
    console.log(`seed ${seed}`)
    const directory = mkdtempSync(join(tmpdir(), 'peerpress-receipts-'))
    const open = (now?: () => number) =>
      openRegistry({
        directory: join(directory, 'registry'),
        ledgerFile: join(directory, 'ledger-key.json'),
        ...(now && { now }),
      })
    try {
      const run = await prepare(await open())
      const answered = new Map(takers.map((taker) => [taker, 0]))
      for (let kill = 0; kill < kills; kill++) {
        const next = 1 + Math.max(...answered.values())
        const child = spawn(process.execPath, [owner, directory, JSON.stringify(run), String(next)], {
          stdio: ['ignore', 'pipe', 'inherit'],
        })
        const exit = once(child, 'exit')
        let left = 10 + ((seed * (kill + 1)) % 40)
        for await (const line of createInterface({ input: child.stdout })) {
          const [taker = '', bytes] = line.split(' ')
          answered.set(taker, Number(bytes))
          // Lines that were written before the kill are still read.
          if (--left === 0) child.kill('SIGKILL')
        }
        assert.deepEqual((await exit)[1], 'SIGKILL')
      }

      const registry = await open()
      const { epoch, seed: lentSeed, site } = run.session
      const given = () => registry.lending.given(epoch, lentSeed, site)
      const stored = await given()
      const sum = [...answered.values()].reduce((all, bytes) => all + bytes, 0)
      // Of each reader, at most the one receipt that was in flight is stored without an answer.
      const highest = 1 + Math.max(...answered.values())
      assert.ok(stored >= sum && stored <= highest * takers.length, `${stored} of ${sum}`)
      // Readers send their last receipts again, in any order and more than once.
      const last = takers.map((taker) => receiptOf(run, { taker, bytes: highest }))
      await registry.lending.record([...last, ...last.toReversed()])
      await registry.lending.record(last.map((receipt) => ({ ...receipt, bytes: receipt.bytes - 1 })))
      const all = highest * takers.length
      assert.equal(await given(), all)
      await registry.close()

      const later = await open(() => Date.now() + 2 * day)
      const closed = await later.ledger.transaction(({ sql }) => later.lending.closeEpoch(sql))
      assert.deepEqual(
        closed?.map(({ bytes, networks }) => [bytes, networks]),
        [[all, takers.length]],
      )
      await later.close()
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  },
)

/** Makes an offer, and has a seed join a swarm. */
async function prepare(registry: Awaited<ReturnType<typeof openRegistry>>): Promise<LentRun> {
  const key = () => randomBytes(32).toString('base64url')
  const siteAt = async (url: string) =>
    (await registry.sites.add({ url, consent: 'assumed', allowPrivateAddresses: false })).site.id
  const owning = await siteAt('https://owner.example')
  const site = await siteAt('https://getter.example')
  const now = Date.now()
  const offer = {
    id: createRecordId(),
    seed: key(),
    owner: owning,
    country: 'BR',
    maxBytes: 1000,
    bytesPerDay: 1000,
    issuedAt: now,
    expiresAt: now + day,
  }
  await registry.ledger.transaction(({ sql }) => registry.lending.offer(sql, offer, 'envelope'))
  const session = {
    seed: offer.seed,
    site,
    post: '1',
    epoch: epochOf(now),
    nonce: randomBytes(16).toString('base64url'),
  }
  const giver = key()
  assert.equal(await registry.lending.join(giver, session), true)
  await registry.close()
  return { session, giver }
}
