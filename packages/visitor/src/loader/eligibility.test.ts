import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PageConfig } from '@peerpress/wire'
import { isEligible, type Dependencies } from './eligibility.ts'

const config = { mode: 'full', post: '12' } as PageConfig
const able: Dependencies = {
  isSecureContext: true,
  RTCPeerConnection: {},
  crypto: { subtle: {} },
  navigator: { serviceWorker: {}, connection: { type: 'wifi', saveData: false } },
}

test('a capable browser on a post takes part', () => {
  assert.ok(isEligible(config, able))
  assert.ok(isEligible(config, { ...able, navigator: { serviceWorker: {} } }))
})

test('a page that is switched off, or no single post, does not', () => {
  assert.ok(!isEligible({ ...config, mode: 'off' }, able))
  assert.ok(!isEligible({ ...config, post: null }, able))
})

test('a browser without any of the needed features does not', () => {
  assert.ok(!isEligible(config, { ...able, isSecureContext: false }))
  assert.ok(!isEligible(config, { ...able, RTCPeerConnection: undefined }))
  assert.ok(!isEligible(config, { ...able, crypto: {} }))
  assert.ok(!isEligible(config, { ...able, navigator: {} }))
})

test('a reader who saves data, is on a mobile network or asks for privacy does not', () => {
  const reader = (navigator: object): Dependencies => ({
    ...able,
    navigator: { ...able.navigator, ...navigator },
  })
  assert.ok(!isEligible(config, reader({ connection: { saveData: true } })))
  assert.ok(!isEligible(config, reader({ connection: { type: 'cellular' } })))
  assert.ok(!isEligible(config, reader({ globalPrivacyControl: true })))
})

test('a reader whose battery is low does not, unless it is being charged', () => {
  assert.ok(!isEligible(config, able, { charging: false, level: 0.2 }))
  assert.ok(isEligible(config, able, { charging: true, level: 0.01 }))
  assert.ok(isEligible(config, able, { charging: false, level: 0.21 }))
})
