import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NetworkAccount, Networks } from './networks.ts'

const maxConnections = 1000

function connected(networks: Networks, network: string, now: number): NetworkAccount {
  const account = networks.connect(network, now)
  assert.ok(account instanceof NetworkAccount)
  return account
}

test("allows all readers of a carrier's NAT to connect, reconnect at once and show receipts", () => {
  const networks = new Networks(maxConnections)
  const accounts = Array.from({ length: maxConnections }, () => connected(networks, 'nat', 0))
  for (const account of accounts) account.disconnect()
  for (let i = 0; i < maxConnections; i++) {
    const account = connected(networks, 'nat', 0)
    assert.ok(account.mayCheckSignature(0))
    // Every fourth reader has sent a full message except its last byte.
    if (i % 4 === 0) assert.ok(account.hold(16 * 1024))
  }
})

test('then allows a tenth of the connections, and a fifth in signatures, each second', () => {
  const networks = new Networks(maxConnections)
  const connectAll = (now: number) => {
    for (let i = 0; ; i++) {
      const account = networks.connect('a', now)
      if (!(account instanceof NetworkAccount)) return { times: i, refusal: account }
      account.disconnect()
    }
  }
  assert.deepEqual(connectAll(0), { times: 2000, refusal: 'network-hurried' })
  assert.deepEqual(connectAll(1000), { times: 100, refusal: 'network-hurried' })
  const account = connected(networks, 'b', 0)
  const signatures = (now: number) => {
    let times = 0
    while (account.mayCheckSignature(now)) times++
    return times
  }
  assert.equal(signatures(0), 2000)
  assert.equal(signatures(1000), 200)
})

test('refuses a connection above the maximum without counting it for the rate', () => {
  const networks = new Networks(2)
  const [one] = [connected(networks, 'a', 0), connected(networks, 'a', 0)]
  for (let i = 0; i < 10; i++) assert.equal(networks.connect('a', 0), 'network-full')
  one.disconnect()
  connected(networks, 'a', 0)
})

test('remembers a network as long as its account differs from a new one', () => {
  const networks = new Networks(10)
  const account = connected(networks, 'a', 0)
  networks.prune(1_000_000)
  assert.equal(networks.size, 1)
  account.disconnect()
  connected(networks, 'b', 1_000_000).disconnect()
  networks.prune(1_000_000)
  assert.equal(networks.size, 1)
  networks.prune(1_001_000)
  assert.equal(networks.size, 0)
})

test('forgets networks without connections if there are too many, the oldest first', () => {
  const networks = new Networks(1)
  connected(networks, 'stays', 0)
  for (let i = 0; i < 100_001; i++) connected(networks, `n${i}`, 0).disconnect()
  assert.equal(networks.size, 100_000)
  assert.equal(networks.connect('stays', 0), 'network-full')
})
