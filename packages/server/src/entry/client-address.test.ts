import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { clientAddressBehind } from './client-address.ts'
import { ServerError } from '../server-error.ts'

function request(peer: string, forwardedFor?: string): IncomingMessage {
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor }
  return { socket: { remoteAddress: peer }, headers } as unknown as IncomingMessage
}

test('ignores the header if no proxy is trusted', () => {
  assert.equal(clientAddressBehind([])(request('198.51.100.7', '192.0.2.1')), '198.51.100.7')
})

test('uses the header of a trusted proxy', () => {
  assert.equal(clientAddressBehind(['loopback'])(request('127.0.0.1', '192.0.2.1')), '192.0.2.1')
})

test('returns the nearest address of no trusted proxy, not the first that the client wrote', () => {
  assert.equal(clientAddressBehind(['loopback'])(request('127.0.0.1', '8.8.8.8, 192.0.2.1')), '192.0.2.1')
})

test('refuses a list that holds something else', () => {
  assert.throws(
    () => clientAddressBehind(['everybody']),
    (error) => error instanceof ServerError && error.code === 'bad-config',
  )
})

for (const [entry, address] of [
  ['203.0.113.9:4711', '203.0.113.9'],
  ['[2001:db8::1]:443', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['2001:db8::1', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['::ffff:203.0.113.9', '::ffff:203.0.113.9'],
  ['8.8.8.8, 203.0.113.9:4711', '203.0.113.9'],
  ['198.51.100.7, 127.0.0.1:8080', '198.51.100.7'],
] as const) {
  test(`reads the address that a proxy writes as ${entry}`, () => {
    assert.equal(clientAddressBehind(['loopback'])(request('127.0.0.1', entry)), address)
  })
}

for (const entry of [
  'unknown',
  '_hidden',
  '',
  ' ',
  ',',
  '0x7f.1',
  '2130706433',
  '"203.0.113.9"',
  '<script>',
  '1.2.3',
]) {
  test(`takes the proxy for the client when its entry is ${JSON.stringify(entry)}`, () => {
    assert.equal(clientAddressBehind(['loopback'])(request('127.0.0.1', entry)), '127.0.0.1')
  })
}

test('returns the address of the last proxy if the entry before it is no address', () => {
  assert.equal(clientAddressBehind(['loopback'])(request('127.0.0.1', '1.2.3.4, unknown, ::1')), '::1')
})

test('reads a limited number of entries of a long header', () => {
  const header = Array.from({ length: 1200 }, () => '127.0.0.1').join(',')
  assert.equal(clientAddressBehind(['loopback'])(request('127.0.0.1', `192.0.2.1,${header}`)), '127.0.0.1')
})
