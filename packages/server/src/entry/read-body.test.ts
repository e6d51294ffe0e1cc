import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { BodyBudget } from './body-budget.ts'
import { type BodyFault, readBody } from './read-body.ts'

/** A request whose body comes in these pieces, with the length that its head declares. */
function request(declared?: number): PassThrough & IncomingMessage {
  const headers = declared === undefined ? {} : { 'content-length': String(declared) }
  return Object.assign(new PassThrough(), { headers }) as unknown as PassThrough & IncomingMessage
}

function read(
  from: IncomingMessage,
  budget = new BodyBudget(),
  limit = 100_000,
): Promise<Buffer | BodyFault> {
  return readBody(from, { limit, budget, network: 'a network' })
}

test('reads a body that arrives in one piece', async () => {
  const from = request(5)
  const body = read(from)
  from.end('hello')
  assert.equal(String(await body), 'hello')
})

test('reads a body that arrives in one-byte pieces, and holds at most twice its bytes', async () => {
  const budget = new BodyBudget()
  const from = request()
  const body = read(from, budget)
  const sent = Buffer.from(Array.from({ length: 20_000 }, (_, i) => i % 251))
  for (let i = 0; i < sent.length; i++) {
    if (!from.write(sent.subarray(i, i + 1))) await new Promise((resolve) => from.once('drain', resolve))
    assert.ok(budget.held <= 1024 + 2 * (i + 1))
  }
  from.end()
  assert.deepEqual(await body, sent)
  assert.equal(budget.held, 0)
})

test('an empty body is an empty buffer', async () => {
  const from = request(0)
  const body = read(from)
  from.end()
  assert.equal((await body).length, 0)
})

test('refuses a body by its declared length before its first byte arrived', async () => {
  assert.equal(await read(request(100_001)), 'too-large')
})

test('refuses a body without a length at the first byte beyond the limit, and releases its memory', async () => {
  const budget = new BodyBudget()
  const from = request()
  const body = read(from, budget, 10)
  from.write('0123456789')
  from.write('x')
  assert.equal(await body, 'too-large')
  assert.equal(budget.held, 0)
})

test('reports a body that breaks off', async () => {
  const budget = new BodyBudget()
  const from = request(10)
  const body = read(from, budget)
  from.write('0123')
  await new Promise((resolve) => setImmediate(resolve))
  from.destroy()
  assert.equal(await body, 'incomplete')
  assert.equal(budget.held, 0)
})

test('one network cannot use up the budget of others', async () => {
  const budget = new BodyBudget({ total: 10_000, perNetwork: 5000 })
  const slow = Array.from({ length: 5 }, () => request())
  const bodies = slow.map((from) => read(from, budget))
  for (const from of slow) from.write('x')
  assert.equal(await bodies[4], 'busy')
  assert.equal(budget.held, 4096)
  const other = request()
  const body = readBody(other, { limit: 1000, budget, network: 'another' })
  other.end('hello')
  assert.equal(String(await body), 'hello')
  for (const from of slow) from.destroy()
  await Promise.all(bodies)
  assert.equal(budget.held, 0)
})
