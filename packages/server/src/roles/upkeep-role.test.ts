import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { createRecordId, epochOf, openRegistry, type Registry } from '@peerpress/registry'
import { openLending } from '../open-lending.ts'
import { createUpkeepRole } from './upkeep-role.ts'

const day = 86_400_000

/** Parts whose schedules are not due in this test, or have nothing to do. */
const idle = {
  store: {
    roll: async () => true,
    enforceRemovals: async () => undefined,
    applyRetention: async () => undefined,
    removeSite: async () => 0,
  },
  insights: { analyseAll: async () => undefined, work: async () => async () => undefined },
  searchConsole: { enqueueDue: async () => undefined, work: async () => async () => undefined },
  sendReports: async () => undefined,
  community: { members: { renew: async () => undefined, end: async () => undefined } },
  trust: { rereading: { rereadDue: async () => undefined } },
}

describe('what follows from events of the whole installation', { timeout: 120_000 }, () => {
  let directory: string
  let registry: Registry
  const problems: string[] = []

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'peerpress-upkeep-'))
    const ledgerFile = join(directory, 'ledger-key.json')
    registry = await openRegistry({ directory: join(directory, 'registry'), ledgerFile })
  })
  after(async () => {
    await registry.close()
    await rm(directory, { recursive: true, force: true })
  })

  test('an accepted proof bans the seed that the peer was, once, and the ledger names no post', async () => {
    const { seed, peer, site } = await lentSeed()
    const lending = openLending(registry, { isUnread: async () => false })
    const answers: boolean[] = []
    const third = Promise.withResolvers<void>()
    const role = createUpkeepRole({
      registry,
      ...idle,
      lending: {
        closeEpochs: (signal) => lending.closeEpochs(signal),
        convict: async (convicted) => {
          answers.push(await lending.convict(convicted))
          if (answers.length === 3) third.resolve()
          return answers.at(-1) === true
        },
      },
      report: (problem) => problems.push(problem),
    })
    await role.start()
    try {
      const proof = { type: 'proof.accepted', site, peer, asset: 'f'.repeat(64), index: 0 } as const
      await registry.outbox.append(proof)
      await registry.outbox.append(proof)
      // A peer that was no lent seed is banned from its swarm alone.
      await registry.outbox.append({ ...proof, peer: key() })
      await third.promise
    } finally {
      await role.stop(0)
    }
    assert.deepEqual(answers, [true, false, false])
    assert.equal((await registry.lending.findOffer(seed))?.revokedReason, 'wrong-chunk')
    const rows = await registry.ledger.read({ limit: 10 })
    assert.deepEqual(
      rows.map(({ kind }) => kind),
      ['revoked-grant', 'decision'],
    )
    assert.ok(!JSON.stringify(rows).includes(site))
    assert.deepEqual(problems, [])
  })

  const key = () => randomBytes(32).toString('base64url')

  /** Makes an offer, and has its seed join a swarm. */
  async function lentSeed(): Promise<{ seed: string; peer: string; site: string }> {
    const siteAt = async (url: string) =>
      (await registry.sites.add({ url, consent: 'assumed', allowPrivateAddresses: false })).site.id
    const [owner, site] = [await siteAt('https://owner.example'), await siteAt('https://getter.example')]
    const [seed, peer, issuedAt] = [key(), key(), Date.now()]
    const limits = { country: 'BR', maxBytes: 1000, bytesPerDay: 1000 }
    const offer = { id: createRecordId(), seed, owner, ...limits, issuedAt, expiresAt: issuedAt + day }
    await registry.ledger.transaction(({ sql }) => registry.lending.offer(sql, offer, 'envelope'))
    const nonce = randomBytes(16).toString('base64url')
    await registry.lending.join(peer, { seed, site, post: '1', epoch: epochOf(issuedAt), nonce })
    return { seed, peer, site }
  }
})
