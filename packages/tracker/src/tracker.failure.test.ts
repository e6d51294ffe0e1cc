import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { chunkStatement, encodeHex, type TrackerClientMessage } from '@peerpress/wire'
import { startTracker, type TestKey } from './tracker.testing.ts'

// Node ends a test run at an unhandled rejection or exception, as it ends a server.

const asset = 'ab'.repeat(32)
const lie = createHash('sha256').update('something else').digest()

const accusation = (liar: TestKey): TrackerClientMessage => ({
  type: 'accuse',
  proof: {
    peer: liar.id,
    asset,
    index: 0,
    hash: encodeHex(lie),
    signature: liar.sign(chunkStatement(asset, 0, lie)),
  },
})

const brokenLookUps: Readonly<Record<string, () => Promise<Uint8Array | null>>> = {
  rejects: async () => {
    throw new Error('no connection to the database')
  },
  throws: () => {
    throw new Error('no connection to the database')
  },
}

for (const [how, chunkHash] of Object.entries(brokenLookUps)) {
  test(`bans nobody and blames nobody if the look-up of a chunk's hash ${how}`, async (t) => {
    const failures: unknown[] = []
    const on = await startTracker(t, { chunkHash, onFailure: (error) => failures.push(error) })
    const [accused, accuser] = [await on.join(), await on.join()]
    await accused.settle()
    await accuser.settle()
    accuser.send(accusation(accused.key))
    await on.counted('accusation-ignored')
    assert.deepEqual(await accuser.settle(), [])
    assert.deepEqual(await accused.settle(), [])
    assert.deepEqual(failures.map(String), ['Error: no connection to the database'])
    assert.equal(on.tracker.counts().failed, 1)
    assert.equal(on.tracker.counts()['liar-banned'], 0)
  })
}

test('admits a reader whose country cannot be looked up', async (t) => {
  const on = await startTracker(t, {
    countryOf: () => {
      throw new Error('the country file is broken')
    },
  })
  await on.join()
  await on.counted('failed')
})

test('closes only the connection whose admission fails for an unexpected reason', async (t) => {
  const on = await startTracker(t, {
    // Converting it to text throws.
    countryOf: (address) => (address === '203.0.113.1' ? (Symbol('?') as unknown as string) : null),
  })
  const bystander = await on.join()
  const peer = await on.connect('203.0.113.1')
  peer.join(await on.ticket('1', '203.0.113.1'))
  assert.equal(await peer.closeCode(), 1011)
  assert.equal(on.tracker.counts().failed, 1)
  assert.deepEqual(await bystander.settle(), [])
  await on.join()
})

test('reports one failure in ten seconds, counts all, and goes on if the report fails', async (t) => {
  let now = Date.now()
  let reports = 0
  const on = await startTracker(t, {
    now: () => now,
    countryOf: () => {
      throw new Error('the country file is broken')
    },
    onFailure: () => {
      reports++
      throw new Error('the log is full')
    },
  })
  for (let i = 0; i < 3; i++) await on.join()
  assert.equal(reports, 1)
  now += 10_000
  await on.join()
  assert.equal(reports, 2)
  assert.equal(on.tracker.counts().failed, 4)
})
