import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SignJWT } from 'jose'
import { TrackerError, type TrackerErrorReason } from '../tracker-error.ts'
import { Tickets } from './tickets.ts'

const key = new Uint8Array(32).fill(1)
const holder = { site: 'abcdefgh01234567', post: '12', address: '192.0.2.1' }
const reader = {
  swarm: 'abcdefgh01234567/12',
  site: 'abcdefgh01234567',
  policy: { mode: 'full', consent: 'assumed' },
  isSeed: false,
  seedsOnly: false,
}
const start = Date.UTC(2030, 0, 1)
const tickets = new Tickets(key, () => start)

/** The permission that a ticket gives, without the network, which is a hash. */
const admitted = async (...args: Parameters<Tickets['check']>) => {
  const { network, location, ticket, ...admission } = await tickets.check(...args)
  assert.ok(Number.isSafeInteger(ticket))
  for (const hash of [network, location.networkPrefix]) assert.match(hash, /^[\w-]{43}$/)
  assert.ok(Number.isSafeInteger(location.address) && location.address < 2 ** 30)
  return admission
}

const refused = (promise: Promise<unknown>, code: TrackerErrorReason) =>
  assert.rejects(promise, (error) => error instanceof TrackerError && error.code === code)

const claims = async () => {
  const [, payload = ''] = (await tickets.issue(holder)).split('.')
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
}

/** A token with the claims of a ticket, except for the changes. */
const forged = async (changes: Record<string, unknown>, signingKey = key, alg = 'HS256') =>
  new SignJWT({ ...(await claims()), ...changes }).setProtectedHeader({ alg }).sign(signingKey)

test('lets its holder join the swarm of its post', async () => {
  assert.deepEqual(await admitted(await tickets.issue(holder), '192.0.2.1'), reader)
})

test('states that its holder is a seed', async () => {
  const ticket = await tickets.issue({ ...holder, isSeed: true })
  assert.deepEqual(await admitted(ticket, holder.address), {
    ...reader,
    isSeed: true,
    policy: { mode: 'seeds-only', consent: 'required' },
  })
})

test("states its holder's policy; a ticket that states none counts as the loosest", async () => {
  const policy = { mode: 'seeds-only', consent: 'notice' } as const
  assert.deepEqual(await admitted(await tickets.issue({ ...holder, policy }), holder.address), {
    ...reader,
    policy,
  })
  for (const strange of [undefined, 'x', 1])
    assert.deepEqual(
      await admitted(await forged({ mode: strange, consent: strange }), holder.address),
      reader,
    )
})

test('states if its holder may meet only seeds', async () => {
  const ticket = await tickets.issue({ ...holder, seedsOnly: true })
  assert.deepEqual(await admitted(ticket, holder.address), { ...reader, seedsOnly: true })
})

test('is valid at every address of the network, in every spelling', async () => {
  const ticket = await tickets.issue(holder)
  assert.deepEqual(await admitted(ticket, '192.0.2.200'), reader)
  assert.deepEqual(await admitted(ticket, '::ffff:192.0.2.7'), reader)
  const ticket6 = await tickets.issue({ ...holder, address: '2001:db8:1:2::3' })
  assert.deepEqual(await admitted(ticket6, '2001:db8:1:9::4'), reader)
})

test('identifies a network by one hash in all swarms, which no ticket contains', async () => {
  const elsewhere = await tickets.issue({ ...holder, post: '13' })
  const [here, there] = [await tickets.issue(holder), elsewhere].map((ticket) =>
    tickets.check(ticket, '192.0.2.9'),
  )
  const [one, other] = [await here, await there]
  assert.deepEqual(one?.location, other?.location)
  assert.notEqual(one?.network, other?.network)
  assert.ok(!Object.values(await claims()).includes(one?.location.networkPrefix))
})

test('identifies an address by a hash of its own', async () => {
  const ticket = await tickets.issue(holder)
  const at = async (address: string) => (await tickets.check(ticket, address)).location
  assert.deepEqual(await at('192.0.2.9'), await at('::ffff:192.0.2.9'))
  const [one, other] = [await at('192.0.2.9'), await at('192.0.2.10')]
  assert.equal(one.networkPrefix, other.networkPrefix)
  assert.notEqual(one.address, other.address)
})

test('identifies a ticket by a number of its own', async () => {
  const [one, other] = [await tickets.issue(holder), await tickets.issue({ ...holder, post: '13' })]
  const numberOf = async (ticket: string) => (await tickets.check(ticket, holder.address)).ticket
  assert.equal(await numberOf(one), await numberOf(one))
  assert.notEqual(await numberOf(one), await numberOf(other))
})

test('is refused to another network', async () => {
  const ticket = await tickets.issue(holder)
  await refused(tickets.check(ticket, '192.0.3.1'), 'ticket-elsewhere')
  await refused(tickets.check(ticket, '2001:db8::1'), 'ticket-elsewhere')
  await refused(tickets.check(ticket, 'nowhere'), 'bad-address')
})

test('is refused two minutes later', async () => {
  const ticket = await tickets.issue(holder)
  const at = (ms: number) => new Tickets(key, () => start + ms).check(ticket, holder.address)
  assert.equal((await at(119_000)).swarm, reader.swarm)
  await refused(at(120_000), 'ticket-expired')
})

test('is refused if it was made with another key, algorithm or audience', async () => {
  assert.deepEqual(await admitted(await forged({}), holder.address), reader)
  await refused(tickets.check(await forged({}, new Uint8Array(32).fill(2)), holder.address), 'ticket-invalid')
  await refused(
    tickets.check(await forged({}, new Uint8Array(64), 'HS512'), holder.address),
    'ticket-invalid',
  )
  await refused(tickets.check(await forged({ aud: 'mirror' }), holder.address), 'ticket-invalid')
  const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await forged({})).split('.')[1]}.`
  await refused(tickets.check(none, holder.address), 'ticket-invalid')
})

test('is refused without an expiry, a swarm or a network', async () => {
  await refused(tickets.check(await forged({ exp: undefined }), holder.address), 'ticket-invalid')
  await refused(tickets.check(await forged({ swarm: undefined }), holder.address), 'ticket-invalid')
  await refused(tickets.check(await forged({ swarm: ['s'] }), holder.address), 'ticket-invalid')
  await refused(tickets.check(await forged({ network: undefined }), holder.address), 'ticket-elsewhere')
})

test('does not admit to another swarm if it is changed', async () => {
  const [head = '', payload = '', signature = ''] = (await tickets.issue(holder)).split('.')
  const text = Buffer.from(payload, 'base64url').toString().replace('/12', '/13')
  const changed = [head, Buffer.from(text).toString('base64url'), signature].join('.')
  await refused(tickets.check(changed, holder.address), 'ticket-invalid')
})

test('reveals neither the address, nor that two tickets have one holder', async () => {
  const { network, ...rest } = await claims()
  assert.deepEqual(Object.keys(rest).toSorted(), ['aud', 'consent', 'exp', 'mode', 'swarm'])
  assert.match(String(network), /^[\w-]{43}$/)
  const other = await tickets.issue({ ...holder, post: '13' })
  assert.ok(
    !Buffer.from(other.split('.')[1] ?? '', 'base64url')
      .toString()
      .includes(String(network)),
  )
})

test('is not issued to a text that is not an address', async () => {
  await refused(tickets.issue({ ...holder, address: '' }), 'bad-address')
})

test('refuses every text that is not a ticket', async () => {
  const good = await tickets.issue(holder)
  const part = fc.oneof(fc.base64String(), fc.constantFrom(...good.split('.'), '', 'e30', '{}'))
  const text = fc.oneof(
    fc.string(),
    fc.tuple(part, part, part).map((parts) => parts.join('.')),
  )
  await fc.assert(
    fc.asyncProperty(text, async (ticket) => {
      if (ticket !== good) await refused(tickets.check(ticket, holder.address), 'ticket-invalid')
    }),
    { numRuns: 300 },
  )
})

test('needs a key of at least 32 bytes', () => {
  assert.throws(() => new Tickets(new Uint8Array(31), Date.now), RangeError)
})
