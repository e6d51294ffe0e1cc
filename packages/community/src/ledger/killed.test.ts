import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { assertFollows, openCommunity, recomputed, submissionId } from '../standing/ledger-of.testing.ts'

const owner = fileURLToPath(new URL('ledger-owner.testing.ts', import.meta.url))
const kills = 3
const seed = Number(process.env['PEERPRESS_KILL_SEED'] ?? 20_260_301)

test(
  'a server that is killed while it appends loses no vote that it answered, and counts none twice',
  { timeout: 240_000 },
  async () => {
    console.log(`seed ${seed}`)
    const directory = mkdtempSync(join(tmpdir(), 'peerpress-killed-'))
    const answered = new Set<string>()
    try {
      for (let kill = 0; kill < kills; kill++) {
        const child = spawn(process.execPath, [owner, directory, String(1000 * kill)], {
          stdio: ['ignore', 'pipe', 'inherit'],
        })
        const exit = once(child, 'exit')
        const votes = 3 + ((seed * (kill + 1)) % 5)
        for await (const line of createInterface({ input: child.stdout })) {
          answered.add(submissionId(Number(line)))
          // Lines that were written before the kill are still read.
          if (Number(line) % 1000 === votes) child.kill('SIGKILL')
        }
        assert.deepEqual((await exit)[1], 'SIGKILL')
      }
      const community = await openCommunity(directory)
      community.clock.now = Date.now()
      try {
        const { rows, problems } = await community.registry.ledger.verify()
        assert.deepEqual(problems, [])
        const { votes, posts } = await recomputed(community.ledger)
        const voted = new Set([...votes].map(({ submission }) => submission))
        assert.deepEqual(answered.difference(voted), new Set())
        assert.ok(posts.every(({ upVotes }) => upVotes <= 1))
        // Each round appends three rows and then one; a kill leaves whole transactions.
        const unvoted = posts.length - voted.size
        assert.ok(unvoted <= kills)
        assert.equal(rows, 4 * voted.size + 3 * unvoted)
        await assertFollows(community)
      } finally {
        await community.close()
      }
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  },
)
