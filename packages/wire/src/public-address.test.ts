import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isPrivateHost, publicAddress } from './public-address.ts'

describe('public internet addresses', () => {
  for (const [address, expected] of [
    ['93.184.216.34', '93.184.216.34'],
    ['2606:4700:0:0::1111', '2606:4700::1111'],
    ['::ffff:93.184.216.34', '93.184.216.34'],
    ['::ffff:5db8:d822', '93.184.216.34'],
    ['3ffe::1', '3ffe::1'],
  ] as const) {
    test(`${address} is ${expected}`, () => assert.equal(publicAddress(address), expected))
  }

  const special =
    '0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 169.254.169.254 172.16.0.1 192.0.2.1 192.168.1.1 198.18.0.1'
  const specialIpv6 =
    ':: ::1 fe80::1 fe80::1%eth0 fec0::1 fc00::1 fd12::1 ff02::1 100::1 2001:db8::1 3fff::1 5f00::1'
  const unallocated = '224.0.0.1 240.0.0.1 255.255.255.255 4000::1 8000::1 e000::1'
  const mappedOrCompatible =
    '::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 ::7f00:1 ::93.184.216.34 ::ffff:0:7f00:1'
  const nat64 = '64:ff9b::7f00:1 64:ff9b::5db8:d822 64:ff9b:1::1'
  const tunnels = '2002:7f00:1:: 2002:5db8:d822::1 2001::1'
  const ambiguous = '127.1 2130706433 0x7f.1 010.1.1.1 8.8 [::1] name'
  const lists = [special, specialIpv6, unallocated, mappedOrCompatible, nat64, tunnels, ambiguous]
  for (const address of [...lists.join(' ').split(' '), '', 'not an address', '1'.repeat(100_000)]) {
    test(`${address.slice(0, 50)} is not public`, () => assert.equal(publicAddress(address), null))
  }
})

describe('private hosts as written in URLs', () => {
  const ipv4 = '127.0.0.1 0.0.0.0 169.254.169.254'
  const ipv6 = '[::1] [::] [::7f00:1] [::ffff:7f00:1] [fd00::1] [64:ff9b::7f00:1] [2002:7f00:1::]'
  const names = 'localhost localhost. blog.localhost blog.localhost.'
  for (const host of [ipv4, ipv6, names].join(' ').split(' ')) {
    test(`${host} is private`, () => assert.ok(isPrivateHost(host)))
  }
  for (const host of [
    '93.184.216.34',
    '[2606:4700::1111]',
    'blog.example',
    'localhost.example',
    'notlocalhost',
  ]) {
    test(`${host} is not private`, () => assert.ok(!isPrivateHost(host)))
  }
})
