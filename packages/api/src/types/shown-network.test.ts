import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shownNetwork } from './shown-network.ts'

test('a network is shown in CIDR notation', () => {
  assert.equal(shownNetwork('ipv4 192.0.2'), '192.0.2.0/24')
  assert.equal(shownNetwork('ipv6 32.1.13.184.0.0'), '2001:db8:0::/48')
  assert.equal(shownNetwork('something else'), 'something else')
})
