import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig } from './config.ts'
import { ServerError } from '../server-error.ts'

test('an empty environment gives embedded engines on loopback', () => {
  const config = readConfig({})
  assert.equal(config.host, '127.0.0.1')
  assert.equal(config.port, 4600)
  assert.equal(config.clickhouseUrl, undefined)
  assert.equal(config.postgresUrl, undefined)
  assert.equal(config.storeMemory, undefined)
  assert.equal(config.clickhouseCluster, undefined)
  assert.equal(config.retentionDays, 400)
  assert.deepEqual(config.trustProxy, [])
  assert.equal(config.minSwarm, 2)
  assert.deepEqual(config.mirrors, [])
  assert.equal(config.relayOnly, false)
  assert.equal(config.beaconsPerNetwork, 200)
  assert.equal(config.beaconsPerSite, 2000)
  assert.equal(config.publicReports, false)
  assert.equal(config.maxLogBytes, 2_147_483_648)
  assert.equal(config.cityFile, undefined)
  assert.equal(config.asnFile, undefined)
  assert.deepEqual([config.smtpUrl, config.mailFrom], [undefined, undefined])
})

test('an empty variable counts as not set', () => {
  assert.equal(readConfig({ PEERPRESS_PORT: '', PEERPRESS_CLICKHOUSE_URL: '' }).clickhouseUrl, undefined)
})

test('reads every variable', () => {
  const config = readConfig({
    PEERPRESS_PORT: '0',
    PEERPRESS_PUBLIC_URL: 'https://peerpress.example.org/',
    PEERPRESS_ICE_SERVERS: '[{"urls":["stun:stun.example.org:3478","turn:turn.example.org"]}]',
    PEERPRESS_RELAY_ONLY: '1',
    PEERPRESS_BEACONS_PER_NETWORK: '0',
    PEERPRESS_BEACONS_PER_SITE: '5000',
    PEERPRESS_TRUST_PROXY: 'loopback, 10.0.0.0/8',
    PEERPRESS_PUBLIC_REPORTS: '1',
    PEERPRESS_MIN_SWARM: '5',
    PEERPRESS_STORE_MEMORY: '4096',
    PEERPRESS_CLICKHOUSE_URL: 'http://clickhouse:8123/peerpress',
    PEERPRESS_CLICKHOUSE_CLUSTER: 'two-by-two',
    PEERPRESS_RETENTION_DAYS: '36500',
    PEERPRESS_MIRRORS: 'https://cdn.example.org/copies, https://bucket.example.org/',
    PEERPRESS_MAX_LOG_BYTES: '1048576',
    PEERPRESS_CITY_FILE: '/geo/city.mmdb',
    PEERPRESS_ASN_FILE: '/geo/../asn.mmdb',
    PEERPRESS_SMTP_URL: 'smtps://user:pass%40word@mail.example.org',
    PEERPRESS_MAIL_FROM: 'peerpress@example.org',
  })
  assert.equal(config.port, 0)
  assert.equal(config.publicUrl, 'https://peerpress.example.org')
  assert.deepEqual(config.iceServers, [{ urls: ['stun:stun.example.org:3478', 'turn:turn.example.org'] }])
  assert.equal(config.relayOnly, true)
  assert.equal(config.beaconsPerNetwork, Infinity)
  assert.equal(config.beaconsPerSite, 5000)
  assert.deepEqual(config.trustProxy, ['loopback', '10.0.0.0/8'])
  assert.equal(config.publicReports, true)
  assert.equal(config.minSwarm, 5)
  assert.equal(config.retentionDays, 36_500)
  assert.equal(config.clickhouseCluster, 'two-by-two')
  assert.equal(config.storeMemory, 4 * 1024 ** 3)
  assert.deepEqual(config.mirrors, ['https://cdn.example.org/copies/', 'https://bucket.example.org/'])
  assert.equal(config.maxLogBytes, 1_048_576)
  assert.deepEqual([config.cityFile, config.asnFile], ['/geo/city.mmdb', '/asn.mmdb'])
  assert.equal(config.smtpUrl, 'smtps://user:pass%40word@mail.example.org')
  assert.equal(config.mailFrom, 'peerpress@example.org')
})

const wrong: readonly (readonly [variable: string, value: string])[] = [
  ['PEERPRESS_PORT', '70000'],
  ['PEERPRESS_PORT', '46OO'],
  ['PEERPRESS_PUBLIC_URL', 'peerpress.example.org'],
  ['PEERPRESS_PUBLIC_URL', 'https://example.org/path'],
  ['PEERPRESS_ICE_SERVERS', 'stun:host'],
  ['PEERPRESS_ICE_SERVERS', '[{"url":"stun:host"}]'],
  ['PEERPRESS_PUBLIC_REPORTS', 'perhaps'],
  // There is no TURN server.
  ['PEERPRESS_RELAY_ONLY', '1'],
  ['PEERPRESS_BEACONS_PER_NETWORK', 'many'],
  ['PEERPRESS_BEACONS_PER_SITE', '-1'],
  ['PEERPRESS_MIRRORS', 'cdn.example.org'],
  ['PEERPRESS_MIRRORS', 'https://cdn.example.org/?id='],
  ['PEERPRESS_MIRRORS', 'https://1.org,https://2.org,https://3.org,https://4.org,https://5.org'],
  ['PEERPRESS_MAX_LOG_BYTES', '1000'],
  ['PEERPRESS_MAX_LOG_BYTES', '2 GiB'],
  ['PEERPRESS_MIN_SWARM', '1'],
  ['PEERPRESS_MIN_SWARM', 'many'],
  ['PEERPRESS_STORE_MEMORY', '2GB'],
  ['PEERPRESS_STORE_MEMORY', '16'],
  ['PEERPRESS_RETENTION_DAYS', '0'],
  ['PEERPRESS_CLICKHOUSE_CLUSTER', "it's"],
  // There is no node.
  ['PEERPRESS_CLICKHOUSE_CLUSTER', 'two-by-two'],
  ['PEERPRESS_RETENTION_DAYS', '36501'],
  ['PEERPRESS_RETENTION_DAYS', 'ever'],
  ['PEERPRESS_TRUST_PROXY', 'proxy.example.org'],
  ['PEERPRESS_SMTP_URL', 'http://mail.example.org'],
  ['PEERPRESS_SMTP_URL', 'smtp://mail.example.org?pool=true'],
  // There is no sender.
  ['PEERPRESS_SMTP_URL', 'smtp://mail.example.org'],
  ['PEERPRESS_MAIL_FROM', 'PeerPress <peerpress@example.org>'],
]
for (const [name, value] of wrong) {
  test(`refuses ${name}=${value} and names the variable, its value and what is allowed`, () => {
    assert.throws(
      () => readConfig({ [name]: value }),
      (error) => {
        assert.ok(error instanceof ServerError && error.code === 'bad-config')
        const isSecret = name === 'PEERPRESS_ICE_SERVERS' || name === 'PEERPRESS_SMTP_URL'
        assert.ok(error.message.startsWith(`${name} ${isSecret ? 'has a value' : `is "${value}"`}`))
        assert.match(error.message, /\b(?:give|set it|needs)\b/)
        return true
      },
    )
  })
}

test('refuses a mirror that pages of the server could not load', () => {
  const mirrors = { PEERPRESS_MIRRORS: 'http://127.0.0.1:8080/' }
  assert.deepEqual(readConfig(mirrors).mirrors, ['http://127.0.0.1:8080/'])
  assert.throws(() => readConfig({ ...mirrors, PEERPRESS_PUBLIC_URL: 'https://peerpress.example.org' }))
})

for (const [name, value] of [
  ['PEERPRESS_ICE_SERVERS', '[{"credential":"hunter2"}]'],
  ['PEERPRESS_CLICKHOUSE_URL', 'clickhouse://peerpress:hunter2@clickhouse'],
  ['PEERPRESS_SMTP_URL', 'mail://peerpress:hunter2@mail.example.org'],
] as const) {
  test(`does not repeat a password of ${name} in an error`, () => {
    assert.throws(
      () => readConfig({ [name]: value }),
      (error) => error instanceof ServerError && !error.message.includes('hunter2'),
    )
  })
}
