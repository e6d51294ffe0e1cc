import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { Delivery } from '@peerpress/wire'
import { campaignOf } from './campaign.ts'
import { connectionType } from './connection-type.ts'
import { deliverySince } from '../watch/delivery-since.ts'
import { navigationType } from './navigation-type.ts'
import { pageAddress } from './page-address.ts'
import { referrerHost } from './referrer-host.ts'
import { randomId, viewId } from './view-id.ts'

suite('facts about a page', () => {
  test('reports the navigation type as web-vitals does', () => {
    assert.equal(navigationType({ type: 'navigate' }, 0, false), 'navigate')
    assert.equal(navigationType({ type: 'reload' }, 0, false), 'reload')
    assert.equal(navigationType({ type: 'back_forward' }, 0, false), 'back-forward')
    assert.equal(navigationType({ type: 'reload' }, 0, true), 'restore')
    assert.equal(navigationType({ type: 'navigate' }, 300, false), 'prerender')
    assert.equal(navigationType(undefined, 0, false), 'navigate')
  })

  test("returns a page's address without query and fragment, cut to the length of a beacon field", () => {
    const url = new URL('https://reader:secret@blog.example:8443/a/post/?q=private#part')
    assert.equal(pageAddress(url), 'https://blog.example:8443/a/post/')
    assert.equal(
      pageAddress({ origin: 'https://blog.example', pathname: `/${'%20'.repeat(900)}` }).length,
      2048,
    )
  })

  test('returns only the host of the referring page', () => {
    assert.equal(referrerHost('https://Search.Example:8443/find?q=private'), 'search.example')
    assert.equal(referrerHost('http://[::1]/'), '[::1]')
    assert.equal(referrerHost(''), null)
    assert.equal(referrerHost('android-app://com.example.App/'), null)
  })

  test('returns the campaign parameters of an address and nothing else', () => {
    const none = { source: null, medium: null, name: null, term: null, content: null }
    assert.deepEqual(campaignOf('?q=private&utm_source=news%20letter&utm_campaign=%C3%BC&utm_id=9'), {
      ...none,
      source: 'news letter',
      name: 'ü',
    })
    assert.equal(campaignOf('?q=private&utm_medium=%0A'), null)
    assert.equal(campaignOf(''), null)
    assert.equal(campaignOf(`?utm_term=${'a'.repeat(99)}😀`)?.term, 'a'.repeat(99))
    assert.deepEqual(campaignOf('?utm_source=a%00b&utm_content=reader@example.com'), {
      ...none,
      source: 'a b',
    })
  })

  test('reports the connection only if the browser does, and only known values', () => {
    assert.equal(connectionType({ connection: { effectiveType: '3g' } }), '3g')
    assert.equal(connectionType({ connection: { effectiveType: '6g' } }), null)
    assert.equal(connectionType({ connection: {} }), null)
    assert.equal(connectionType({}), null)
  })

  test('draws a random UUID for a view', () => {
    const ones = { getRandomValues: <T>(array: T) => (array as Uint8Array).fill(255) as T }
    assert.equal(randomId(ones as Crypto), 'ffffffff-ffff-4fff-bfff-ffffffffffff')
    assert.equal(viewId(0x0123456789ab, ones as Crypto), '01234567-89ab-7fff-bfff-ffffffffffff')
    assert.match(viewId(), /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    assert.notEqual(viewId(), viewId())
  })
})

suite('deliverySince', () => {
  const earlier: Delivery = {
    assets: { complete: 3, failed: 1 },
    bytes: { peer: 100, seed: 0, mirror: 0, origin: 50, cache: 5 },
    wrongBytes: 0,
    rejectedChunks: 1,
    droppedPeers: 1,
    fallbacks: 2,
    peers: 2,
    uploaded: 10,
  }

  test('subtracts the figures of earlier views', () => {
    const now: Delivery = {
      ...earlier,
      assets: { complete: 5, failed: 0 },
      bytes: { ...earlier.bytes, peer: 400 },
      uploaded: 12,
    }
    assert.deepEqual(deliverySince(earlier, now), {
      assets: { complete: 2, failed: 0 },
      bytes: { peer: 300, seed: 0, mirror: 0, origin: 0, cache: 0 },
      wrongBytes: 0,
      rejectedChunks: 0,
      droppedPeers: 0,
      fallbacks: 0,
      peers: 0,
      uploaded: 2,
    })
  })

  test('is the total if there is no earlier view, and null if nothing is known', () => {
    assert.deepEqual(deliverySince(null, earlier), earlier)
    assert.equal(deliverySince(null, null), null)
    assert.equal(deliverySince(earlier, null), null)
  })
})
