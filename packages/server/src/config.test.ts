import assert from 'node:assert/strict'
import { test } from 'node:test'
import { environmentVariables, readConfig } from './config.ts'
import { ServerError } from './server-error.ts'

test('an empty environment gives embedded engines on loopback', () => {
  const config = readConfig({})
  assert.equal(config.host, '127.0.0.1')
  assert.equal(config.port, 4600)
  assert.equal(config.clickhouseUrl, undefined)
  assert.equal(config.postgresUrl, undefined)
  assert.deepEqual(config.trustProxy, [])
  assert.equal(config.minSwarm, 2)
  assert.equal(config.publicReports, false)
})

test('an empty variable counts as not set', () => {
  assert.equal(readConfig({ PEERPRESS_PORT: '', PEERPRESS_CLICKHOUSE_URL: '' }).clickhouseUrl, undefined)
})

test('reads every variable', () => {
  const config = readConfig({
    PEERPRESS_PORT: '0',
    PEERPRESS_PUBLIC_URL: 'https://peerpress.example.org/',
    PEERPRESS_ICE_SERVERS: '[{"urls":["stun:stun.example.org:3478"]}]',
    PEERPRESS_TRUST_PROXY: 'loopback, 10.0.0.0/8',
    PEERPRESS_PUBLIC_REPORTS: '1',
    PEERPRESS_MIN_SWARM: '5',
  })
  assert.equal(config.port, 0)
  assert.equal(config.publicUrl, 'https://peerpress.example.org')
  assert.deepEqual(config.iceServers, [{ urls: ['stun:stun.example.org:3478'] }])
  assert.deepEqual(config.trustProxy, ['loopback', '10.0.0.0/8'])
  assert.equal(config.publicReports, true)
  assert.equal(config.minSwarm, 5)
})

const wrong: readonly (readonly [keyof typeof environmentVariables, string])[] = [
  ['PEERPRESS_PORT', '70000'],
  ['PEERPRESS_PORT', '46OO'],
  ['PEERPRESS_PUBLIC_URL', 'peerpress.example.org'],
  ['PEERPRESS_PUBLIC_URL', 'https://example.org/path'],
  ['PEERPRESS_ICE_SERVERS', 'stun:host'],
  ['PEERPRESS_ICE_SERVERS', '[{"url":"stun:host"}]'],
  ['PEERPRESS_PUBLIC_REPORTS', 'perhaps'],
  ['PEERPRESS_MIN_SWARM', '1'],
  ['PEERPRESS_MIN_SWARM', 'many'],
]
for (const [name, value] of wrong) {
  test(`refuses ${name}=${value} and names the variable`, () => {
    assert.throws(
      () => readConfig({ [name]: value }),
      (error) => error instanceof ServerError && error.code === 'bad-config' && error.message.includes(name),
    )
  })
}

test('does not repeat a TURN credential in an error', () => {
  assert.throws(
    () => readConfig({ PEERPRESS_ICE_SERVERS: '[{"credential":"hunter2"}]' }),
    (error) => error instanceof ServerError && !error.message.includes('hunter2'),
  )
})
