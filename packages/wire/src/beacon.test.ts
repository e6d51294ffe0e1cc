import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { beacon } from './arbitraries.testing.ts'
import { type Beacon, decodeBeacon, encodeBeacon, maxBeaconLength } from './beacon.ts'
import { decodeOrRefuse, hostileText, weight } from './mutation.testing.ts'
import { WireError } from './wire-error.ts'

const plain: Beacon = {
  version: 1,
  site: 'abcdefgh01234567',
  view: '01234567-89ab-4cde-8f01-23456789abcd',
  sequence: 1,
  age: 1500,
  url: 'https://blog.example/post/',
  post: '12',
  arm: 'assisted',
  navigation: 'navigate',
  referrer: null,
  campaign: null,
  session: null,
  connection: '4g',
  vitals: { lcp: 1200.5, inp: null, cls: 0, fcp: 800, ttfb: 90 },
  attribution: null,
  load: null,
  delivery: null,
  engagement: { engagedMs: 0, scrollDepth: 0.25 },
}

const refuses = (change: Record<string, unknown>, path: string) =>
  assert.throws(
    () => decodeBeacon(JSON.stringify({ ...plain, ...change })),
    (error) => error instanceof WireError && error.code === 'invalid' && error.path === path,
    path,
  )

test('reads back every beacon it wrote', () => {
  fc.assert(fc.property(beacon, (value) => assert.deepEqual(decodeBeacon(encodeBeacon(value)), value)))
})

test('refuses hostile text with a typed error and holds no more than it was given', () => {
  fc.assert(
    fc.property(hostileText(beacon.map(encodeBeacon)), (text) => {
      const value = decodeOrRefuse(() => decodeBeacon(text))
      if (value !== null) assert.ok(weight(value) <= text.length)
    }),
    { numRuns: 1000 },
  )
})

test('fits into what a browser sends at the end of a page, whatever its values are', () => {
  fc.assert(fc.property(beacon, (value) => assert.ok(encodeBeacon(value).length < 8 * 1024)))
})

test('refuses more than 64 KiB before parsing', () => {
  assert.throws(
    () => decodeBeacon(' '.repeat(maxBeaconLength + 1)),
    (error) => error instanceof WireError && error.code === 'too-large',
  )
})

test('tells not measured from 0', () => {
  const { vitals } = decodeBeacon(encodeBeacon(plain))
  assert.equal(vitals.cls, 0)
  assert.equal(vitals.inp, null)
  refuses({ vitals: { ...plain.vitals, inp: undefined } }, 'vitals.inp')
})

test('refuses a page address that has a query, a fragment, credentials or another spelling', () => {
  const urls = [
    'https://blog.example/?mail=reader@example.com',
    'https://blog.example/?',
    'https://blog.example/#top',
    'https://blog.example/#',
    'https://me@blog.example/',
    'https://:secret@blog.example/',
    'HTTPS://blog.example/',
    'file:///etc/passwd',
    'blog.example',
    `https://blog.example/${'a'.repeat(2048)}`,
  ]
  for (const url of urls) refuses({ url }, 'url')
})

test('takes a beacon of an SDK that knew less: it measured none of the rest', () => {
  const { campaign, session, attribution, ...older } = plain
  assert.deepEqual([campaign, session, attribution], [null, null, null])
  assert.deepEqual(decodeBeacon(JSON.stringify(older)), plain)
})

test('refuses a campaign that names a reader, is longer than a name, or could not be stored', () => {
  const campaign = { source: 'newsletter', medium: 'e-mail', name: 'Frühling', term: null, content: null }
  assert.deepEqual(decodeBeacon(encodeBeacon({ ...plain, campaign })).campaign, campaign)
  for (const name of ['reader@example.com', 'a'.repeat(101), '', 'a\nb', '\ud83d', 'a\udc00b', 1]) {
    refuses({ campaign: { ...campaign, name } }, 'campaign.name')
  }
  refuses({ campaign: { ...campaign, id: 'x' } }, 'campaign.id')
  refuses({ campaign: { source: 'newsletter' } }, 'campaign.medium')
})

test('refuses a reason with a query in its address, or with a selector too long', () => {
  const lcp = {
    target: 'main>img',
    url: 'https://blog.example/a.jpg',
    timeToFirstByte: 90,
    resourceLoadDelay: null,
    resourceLoadDuration: null,
    elementRenderDelay: 5.5,
  }
  const inp = { target: null, inputDelay: null, processingDuration: null, presentationDelay: null }
  const attribution = { lcp, inp, cls: { target: null } }
  assert.deepEqual(decodeBeacon(encodeBeacon({ ...plain, attribution })).attribution, attribution)
  const path = (name: string) => `attribution.lcp.${name}`
  const change = (lcpChange: object) => ({ attribution: { ...attribution, lcp: { ...lcp, ...lcpChange } } })
  refuses(change({ url: 'https://blog.example/a.jpg?reader=7' }), path('url'))
  refuses(change({ url: 'data:image/png;base64,AAAA' }), path('url'))
  refuses(change({ target: 'a'.repeat(201) }), path('target'))
  refuses(change({ elementRenderDelay: -1 }), path('elementRenderDelay'))
})

test('refuses numbers outside their range', () => {
  refuses({ sequence: 0 }, 'sequence')
  refuses({ sequence: 1.5 }, 'sequence')
  refuses({ age: -1 }, 'age')
  refuses({ load: 86_400_001 }, 'load')
  refuses({ engagement: { engagedMs: 0, scrollDepth: 1.01 } }, 'engagement.scrollDepth')
  assert.throws(() => decodeBeacon(encodeBeacon(plain).replace('1500', '1e999')), WireError)
})

test('refuses unknown fields at every level, those that every object inherits included', () => {
  refuses({ cookie: 'x' }, 'cookie')
  refuses({ vitals: { ...plain.vitals, fid: 1 } }, 'vitals.fid')
  refuses({ toString: 1 }, 'toString')
  const text = encodeBeacon(plain).replace('{', '{"__proto__":{"isAdmin":true},')
  assert.throws(() => decodeBeacon(text), WireError)
  assert.equal('isAdmin' in {}, false)
})

test('never repeats what a reader sent in the error it throws', () => {
  const secret = 'reader@example.com'
  for (const change of [
    { url: secret },
    { post: secret },
    { referrer: secret },
    { arm: secret },
    { age: secret },
  ]) {
    assert.throws(
      () => decodeBeacon(JSON.stringify({ ...plain, ...change })),
      (error) => error instanceof WireError && !error.message.includes(secret),
    )
  }
})

test('refuses counts that no page view can have', () => {
  const [some] = fc.sample(
    beacon.filter(({ delivery }) => delivery !== null),
    1,
  )
  const forged = { ...some, delivery: { ...some?.delivery, uploaded: 2 ** 40 + 1 } }
  assert.throws(() => decodeBeacon(JSON.stringify(forged)), { code: 'invalid', path: 'delivery.uploaded' })
})
