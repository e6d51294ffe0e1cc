import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { beacon } from './arbitraries.testing.ts'
import { type Beacon, checkBeacon, decodeBeacon, encodeBeacon, maxBeaconLength } from './beacon.ts'
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
  sampling: 1,
  hidden: null,
  arm: 'assisted',
  navigation: 'navigate',
  referrer: null,
  campaign: null,
  session: null,
  connection: '4g',
  vitals: { lcp: 1200.5, inp: null, cls: 0, fcp: 800, ttfb: 90 },
  attribution: null,
  load: null,
  timing: null,
  resources: null,
  longFrames: null,
  errors: null,
  actions: null,
  events: null,
  playback: null,
  delivery: null,
  engagement: { engagedMs: 0, scrollDepth: 0.25 },
}

const refuses = (change: Record<string, unknown>, path: string) =>
  assert.throws(
    () => decodeBeacon(JSON.stringify({ ...plain, ...change })),
    (error) => error instanceof WireError && error.code === 'invalid' && error.path === path,
    path,
  )

test('decodes every beacon it encoded', () => {
  fc.assert(fc.property(beacon, (value) => assert.deepEqual(decodeBeacon(encodeBeacon(value)), value)))
})

test('refuses hostile text with a typed error and holds no more data than the input', () => {
  fc.assert(
    fc.property(hostileText(beacon.map(encodeBeacon)), (text) => {
      const value = decodeOrRefuse(() => decodeBeacon(text))
      if (value !== null) assert.ok(weight(value) <= text.length)
    }),
    { numRuns: 1000 },
  )
})

test('fits into the 8 KiB that a page can send while it closes, whatever its values are', () => {
  fc.assert(fc.property(beacon, (value) => assert.ok(encodeBeacon(value).length < 8 * 1024)))
})

test('refuses more than 64 KiB before parsing', () => {
  assert.throws(
    () => decodeBeacon(' '.repeat(maxBeaconLength + 1)),
    (error) => error instanceof WireError && error.code === 'too-large',
  )
})

test('distinguishes a value that was not measured from 0', () => {
  const { vitals } = decodeBeacon(encodeBeacon(plain))
  assert.equal(vitals.cls, 0)
  assert.equal(vitals.inp, null)
  refuses({ vitals: { ...plain.vitals, inp: undefined } }, 'vitals.inp')
})

test('accepts delivery figures without peers, and refuses incomplete peer figures', () => {
  const delivery = { assets: { complete: 1, failed: 0 }, bytes: { origin: 7, cache: 0 } }
  assert.deepEqual(decodeBeacon(encodeBeacon({ ...plain, delivery })).delivery, delivery)
  assert.deepEqual(
    decodeBeacon(JSON.stringify({ ...plain, delivery: { ...delivery, uploaded: 0 } })).delivery,
    delivery,
  )
  refuses({ delivery: { ...delivery, peers: 0 } }, 'delivery.bytes.peer')
  const bytes = { ...delivery.bytes, peer: 0 }
  assert.deepEqual(
    decodeBeacon(JSON.stringify({ ...plain, delivery: { ...delivery, bytes } })).delivery,
    delivery,
  )
})

test('refuses a page address with a query, a fragment, credentials or a non-normal spelling', () => {
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

test('accepts a beacon of an older SDK: the fields it does not have were not measured', () => {
  const { campaign, session, attribution, sampling, ...rest } = plain
  assert.deepEqual([campaign, session, attribution, sampling], [null, null, null, 1])
  const { hidden, timing, resources, longFrames, errors, actions, events, playback, ...older } = rest
  const unknown = [hidden, timing, resources, longFrames, errors, actions, events, playback]
  assert.ok(unknown.every((field) => field === null))
  assert.deepEqual(decodeBeacon(JSON.stringify(older)), plain)
})

test('refuses a campaign value that contains an address, is too long or cannot be stored', () => {
  const campaign = { source: 'newsletter', medium: 'e-mail', name: 'Frühling', term: null, content: null }
  assert.deepEqual(decodeBeacon(encodeBeacon({ ...plain, campaign })).campaign, campaign)
  for (const name of ['reader@example.com', 'a'.repeat(101), '', 'a\nb', '\ud83d', 'a\udc00b', 1]) {
    refuses({ campaign: { ...campaign, name } }, 'campaign.name')
  }
  const named = { ...campaign, id: 'x' }
  assert.deepEqual(decodeBeacon(JSON.stringify({ ...plain, campaign: named })).campaign, campaign)
  refuses({ campaign: { source: 'newsletter' } }, 'campaign.medium')
})

test('refuses attribution with a query in its address or an overlong selector', () => {
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

test('refuses more error samples, events and resource types than an SDK sends, and invalid names', () => {
  const sample = { kind: 'script', text: 'x is not defined', source: 'https://blog.example/a.js', line: 7 }
  const errors = { scripts: 4, resources: 0, samples: [sample, sample, sample] }
  assert.deepEqual(decodeBeacon(JSON.stringify({ ...plain, errors })).errors, errors)
  refuses({ errors: { ...errors, samples: [...errors.samples, sample] } }, 'errors.samples')
  const samples = (change: object) => ({ errors: { ...errors, samples: [{ ...sample, ...change }] } })
  refuses(samples({ text: 'a'.repeat(201) }), 'errors.samples.0.text')
  refuses(samples({ source: 'https://blog.example/a.js?token=1' }), 'errors.samples.0.source')
  const event = { name: 'sign-up', count: 1, value: null }
  assert.deepEqual(decodeBeacon(JSON.stringify({ ...plain, events: [event] })).events, [event])
  refuses({ events: Array.from({ length: 21 }, () => event) }, 'events')
  for (const name of ['', '1st', 'reader@example.com', 'a b', 'a'.repeat(41)]) {
    refuses({ events: [{ ...event, name }] }, 'events.0.name')
  }
  refuses({ events: [{ ...event, count: 0 }] }, 'events.0.count')
  const resource = { type: 'image', count: 1, cached: 0, duration: 1, bytes: 1 }
  refuses({ resources: Array.from({ length: 8 }, () => resource) }, 'resources')
  refuses({ resources: [{ ...resource, type: 'cookie' }] }, 'resources.0.type')
})

test('refuses a sampling ratio that would make one view stand for more than 10,000 views', () => {
  refuses({ sampling: 0 }, 'sampling')
  refuses({ sampling: 0.00001 }, 'sampling')
  refuses({ sampling: 1.1 }, 'sampling')
})

test('refuses numbers outside their range', () => {
  refuses({ sequence: 0 }, 'sequence')
  refuses({ sequence: 1.5 }, 'sequence')
  refuses({ age: -1 }, 'age')
  refuses({ load: 86_400_001 }, 'load')
  refuses({ engagement: { engagedMs: 0, scrollDepth: 1.01 } }, 'engagement.scrollDepth')
  assert.throws(() => decodeBeacon(encodeBeacon(plain).replace('1500', '1e999')), WireError)
})

test('ignores unknown fields at every level, also names that every object inherits, and counts them', () => {
  const count = (text: string) => {
    const tally = { unknownFields: 0 }
    assert.deepEqual(checkBeacon(JSON.parse(text), tally), plain)
    return tally.unknownFields
  }
  assert.equal(count(encodeBeacon(plain)), 0)
  assert.equal(count(JSON.stringify({ ...plain, cookie: 'x' })), 1)
  assert.equal(count(JSON.stringify({ ...plain, vitals: { ...plain.vitals, fid: 1, tbt: { a: 1 } } })), 2)
  assert.equal(count(JSON.stringify({ ...plain, toString: 1 })), 1)
  assert.equal(count(encodeBeacon(plain).replace('{', '{"__proto__":{"isAdmin":true},')), 1)
  assert.equal('isAdmin' in {}, false)
})

test('never repeats a value from the reader in the error it throws', () => {
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
    beacon.filter(({ delivery }) => delivery !== null && 'peers' in delivery),
    1,
  )
  const forged = { ...some, delivery: { ...some?.delivery, uploaded: 2 ** 40 + 1 } }
  assert.throws(() => decodeBeacon(JSON.stringify(forged)), { code: 'invalid', path: 'delivery.uploaded' })
})
