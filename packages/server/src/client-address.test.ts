import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { clientAddressBehind } from './client-address.ts'
import { ServerError } from './server-error.ts'

function request(peer: string, forwardedFor?: string): IncomingMessage {
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor }
  return { socket: { remoteAddress: peer }, headers } as unknown as IncomingMessage
}

test('believes no header when no proxy is trusted', () => {
  assert.equal(clientAddressBehind([])(request('198.51.100.7', '192.0.2.1')), '198.51.100.7')
})

test('believes the header of a trusted proxy', () => {
  assert.equal(clientAddressBehind(['loopback'])(request('127.0.0.1', '192.0.2.1')), '192.0.2.1')
})

test('takes the nearest address that no trusted proxy vouches for, not the first the client wrote', () => {
  assert.equal(clientAddressBehind(['loopback'])(request('127.0.0.1', '8.8.8.8, 192.0.2.1')), '192.0.2.1')
})

test('refuses a list that holds something else', () => {
  assert.throws(
    () => clientAddressBehind(['everybody']),
    (error) => error instanceof ServerError && error.code === 'bad-config',
  )
})
