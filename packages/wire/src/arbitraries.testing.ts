import fc from 'fast-check'
import { encodeBase64Url } from './encoding/base64.ts'
import { encodeHex } from './encoding/hex.ts'
import { chunkCount, hashLength, maxChunkSize, minChunkSize } from './asset.ts'
import type { Asset } from './asset.ts'
import type { Manifest } from './manifest.ts'
import { maxSnapshotSize, type Snapshot, snapshotHeaders } from './page/snapshot.ts'
import type { Attribution, Beacon, Delivery, TimedDelivery } from './beacon.ts'
import type { Envelope } from './encoding/envelope.ts'
import type { PageConfig } from './page/page-config.ts'

const lowerCase = 'abcdefghijklmnopqrstuvwxyz0123456789'
const unreserved = `${lowerCase}ABCDEFGHIJKLMNOPQRSTUVWXYZ-._~`

/** Builds records with `Object.prototype`, as decoders do. */
export const record = <Fields>(model: { [Name in keyof Fields]: fc.Arbitrary<Fields[Name]> }) =>
  fc.record<Fields>(model, { noNullPrototype: true })

/** Generates any UTF-16 text, including lone surrogates. */
export const anyText = (maxLength: number) =>
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)), maxLength })

export const anyBytes = (options: { readonly minLength?: number; readonly maxLength: number }) =>
  // fast-check types its arrays over any buffer. A copy has a buffer of its own.
  fc.uint8Array(options).map((bytes) => new Uint8Array(bytes))

const hex = (bytes: number) => anyBytes({ minLength: bytes, maxLength: bytes }).map(encodeHex)
const characters = (alphabet: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet.split('')), minLength, maxLength })

const siteId = characters(lowerCase, 16, 16)
const postId = characters(unreserved, 1, 64).filter((id) => !/^\.{1,2}$/.test(id))
const viewId = fc.uuid()
export const assetId = hex(32)
export const peerId = anyBytes({ minLength: 32, maxLength: 32 }).map(encodeBase64Url)

/** Normalised http(s) URLs without a query. */
const pageUrl = fc
  .tuple(
    fc.constantFrom('http', 'https'),
    fc.constantFrom('blog.example', '127.0.0.1:8080', '[2001:db8::1]', 'xn--bcher-kva.example'),
    fc.array(
      characters(unreserved, 1, 12).filter((segment) => !/^\.+$/.test(segment)),
      { maxLength: 4 },
    ),
  )
  .map(([protocol, host, segments]) => `${protocol}://${host}/${segments.join('/')}`)
const assetUrl = fc
  .tuple(pageUrl, fc.option(characters(lowerCase, 1, 10), { nil: null }))
  .map(([url, query]) => (query === null ? url : `${url}?v=${query}`))

const assetHead = record({
  id: assetId,
  url: assetUrl,
  type: fc.constantFrom('image/jpeg', 'image/svg+xml', 'video/mp4', 'application/vnd.ms-excel'),
  size: fc.integer({ min: 1, max: 4 * minChunkSize }),
  chunkSize: fc.integer({ min: minChunkSize, max: maxChunkSize }),
})
const named = fc.constantFrom(
  {},
  { disposition: 'attachment; filename="a b.zip"' },
  { disposition: 'inline; filename="\u00fc.jpg"' },
)
const asset: fc.Arbitrary<Asset> = fc.tuple(assetHead, named).chain(([head, name]) => {
  const length = chunkCount(head) * hashLength
  return anyBytes({ minLength: length, maxLength: length }).map((hashes) => ({ ...head, ...name, hashes }))
})

export const snapshot: fc.Arbitrary<Snapshot> = record({
  id: assetId,
  size: fc.integer({ min: 1, max: maxSnapshotSize }),
  body: fc.nat({ max: maxSnapshotSize }),
  headers: fc.dictionary(fc.constantFrom(...snapshotHeaders), characters(` '${unreserved}`, 1, 40), {
    noNullPrototype: true,
  }),
}).map((all) => ({ ...all, body: Math.min(all.body, all.size) }))

export const manifest: fc.Arbitrary<Manifest> = fc
  .record(
    {
      site: siteId,
      post: postId,
      version: fc.integer({ min: 1, max: 2 ** 31 }),
      issuedAt: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
      url: pageUrl,
      assets: fc.uniqueArray(asset, { maxLength: 5, selector: ({ url }) => url }),
      revoked: fc.boolean(),
      snapshot,
    },
    {
      requiredKeys: ['site', 'post', 'version', 'issuedAt', 'url', 'assets', 'revoked'],
      noNullPrototype: true,
    },
  )
  .map(({ snapshot: copy, ...rest }) => {
    if (rest.revoked) return { ...rest, assets: [] }
    return copy ? { ...rest, snapshot: copy } : rest
  })

export const envelope: fc.Arbitrary<Envelope> = record({
  payloadType: anyText(128),
  payload: anyBytes({ maxLength: 500 }),
  signatures: fc.array(record({ keyId: anyText(128), bytes: anyBytes({ minLength: 64, maxLength: 64 }) }), {
    minLength: 1,
    maxLength: 8,
  }),
})

const count = fc.nat({ max: 1_000_000 })
const byteCount = fc.integer({ min: 0, max: 2 ** 40 })
const real = (max: number) => fc.double({ min: 0, max, noNaN: true })
const dayMs = 24 * 60 * 60 * 1000
const milliseconds = fc.option(real(dayMs), { nil: null })

const delivery: fc.Arbitrary<Delivery> = record({
  assets: record({ complete: count, failed: count }),
  bytes: record({
    peer: byteCount,
    seed: byteCount,
    mirror: byteCount,
    origin: byteCount,
    cache: byteCount,
  }),
  wrongBytes: byteCount,
  rejectedChunks: count,
  droppedPeers: count,
  fallbacks: count,
  peers: count,
  uploaded: byteCount,
})

const timedDelivery: fc.Arbitrary<TimedDelivery> = record({
  assets: record({ complete: count, failed: count }),
  bytes: record({ origin: byteCount, cache: byteCount }),
})

/** Generates text that {@link textSchema} accepts. */
const boundedText = (maxLength: number) =>
  fc
    .string({ unit: 'binary', minLength: 1, maxLength })
    .map((text) => text.replaceAll(/[\p{Cc}\p{Cs}@]/gu, '').slice(0, maxLength))
    .map((text) => text.replace(/\p{Cs}/u, '') || '–')
const campaignText = fc.option(boundedText(100), { nil: null })
const campaign = record({
  source: campaignText,
  medium: campaignText,
  name: campaignText,
  term: campaignText,
  content: campaignText,
})

const selector = fc.option(boundedText(200), { nil: null })
const attribution: fc.Arbitrary<Attribution> = record({
  lcp: record({
    target: selector,
    url: fc.option(pageUrl, { nil: null }),
    timeToFirstByte: milliseconds,
    resourceLoadDelay: milliseconds,
    resourceLoadDuration: milliseconds,
    elementRenderDelay: milliseconds,
  }),
  inp: record({
    target: selector,
    inputDelay: milliseconds,
    processingDuration: milliseconds,
    presentationDelay: milliseconds,
  }),
  cls: record({ target: selector }),
})

const total = real(7 * dayMs)
const resources = fc.array(
  record({
    type: fc.constantFrom('image', 'script', 'style', 'font', 'media', 'fetch', 'other'),
    count,
    cached: count,
    duration: total,
    bytes: byteCount,
  }),
  { maxLength: 7 },
)
const errors = record({
  scripts: count,
  resources: count,
  samples: fc.array(
    record({
      kind: fc.constantFrom('script', 'rejection', 'resource'),
      text: boundedText(200),
      source: fc.option(pageUrl, { nil: null }),
      line: fc.option(count, { nil: null }),
    }),
    { maxLength: 3 },
  ),
})
const events = fc.array(
  record({
    name: fc
      .tuple(fc.constantFrom('a', 'Z'), characters(unreserved.replace('~', ''), 0, 39))
      .map((parts) => parts.join('')),
    count: fc.integer({ min: 1, max: 1_000_000 }),
    value: fc.option(
      // JSON has no -0.
      fc.double({ min: -1e15, max: 1e15, noNaN: true }).map((value) => value + 0),
      { nil: null },
    ),
  }),
  { maxLength: 20 },
)
const timing = record({
  redirect: milliseconds,
  lookup: milliseconds,
  connect: milliseconds,
  tls: milliseconds,
  request: milliseconds,
  response: milliseconds,
  interactive: milliseconds,
  contentLoaded: milliseconds,
})

export const beacon: fc.Arbitrary<Beacon> = record({
  version: fc.constant(1 as const),
  site: siteId,
  view: viewId,
  sequence: fc.integer({ min: 1, max: 10_000 }),
  age: real(7 * dayMs),
  url: pageUrl,
  post: fc.option(postId, { nil: null }),
  sampling: fc.double({ min: 0.0001, max: 1, noNaN: true }),
  hidden: fc.option(fc.boolean(), { nil: null }),
  arm: fc.constantFrom('assisted', 'control', 'ineligible'),
  navigation: fc.constantFrom(
    'navigate',
    'reload',
    'back-forward',
    'back-forward-cache',
    'prerender',
    'restore',
    'soft-navigation',
  ),
  referrer: fc.option(fc.constantFrom('search.example', 'localhost:3000', '[2001:db8::1]'), { nil: null }),
  campaign: fc.option(campaign, { nil: null }),
  session: fc.option(record({ id: viewId, landing: fc.boolean() }), { nil: null }),
  connection: fc.constantFrom(null, 'slow-2g', '2g', '3g', '4g'),
  vitals: record({
    lcp: milliseconds,
    inp: milliseconds,
    cls: fc.option(real(1000), { nil: null }),
    fcp: milliseconds,
    ttfb: milliseconds,
  }),
  attribution: fc.option(attribution, { nil: null }),
  load: milliseconds,
  timing: fc.option(timing, { nil: null }),
  resources: fc.option(resources, { nil: null }),
  longFrames: fc.option(record({ count, duration: total, blocking: total }), { nil: null }),
  errors: fc.option(errors, { nil: null }),
  actions: fc.option(record({ interactions: count, copies: count, outbound: count, downloads: count }), {
    nil: null,
  }),
  events: fc.option(events, { nil: null }),
  playback: fc.option(record({ played: real(dayMs), stalled: real(dayMs), stalls: count }), { nil: null }),
  delivery: fc.option(fc.oneof(delivery, timedDelivery), { nil: null }),
  engagement: record({ engagedMs: real(dayMs), scrollDepth: real(1) }),
})

const notice = fc.record(
  {
    script: anyText(300),
    label: boundedText(120),
    text: boundedText(600),
    accept: boundedText(60),
    refuse: boundedText(60),
    more: record({ url: anyText(300), text: boundedText(120) }),
  },
  { requiredKeys: ['script'], noNullPrototype: true },
)

export const pageConfig: fc.Arbitrary<PageConfig> = fc
  .record(
    {
      site: siteId,
      post: fc.option(postId, { nil: null }),
      server: anyText(300),
      key: fc
        .tuple(
          characters(unreserved.replace(/[.~]/g, ''), 42, 42),
          fc.constantFrom(...'AEIMQUYcgkosw048'.split('')),
        )
        .map(([head, last]) => head + last),
      mode: fc.constantFrom('full' as const, 'off' as const),
      consent: fc.constantFrom('assumed' as const, 'required' as const),
      notice,
      consentCategory: characters(lowerCase.replace(/\d/g, ''), 1, 20),
      control: real(1),
      upload: fc.record(
        {
          rate: fc.integer({ min: 1, max: 1e9 }),
          slots: fc.integer({ min: 1, max: 16 }),
          perSession: fc.nat(),
          perMonth: fc.nat(),
        },
        { requiredKeys: [], noNullPrototype: true },
      ),
      snapshot: fc.record(
        { script: anyText(300), text: boundedText(200) },
        { requiredKeys: ['script'], noNullPrototype: true },
      ),
      sampling: real(1),
      worker: anyText(300),
      scripts: record({ rum: anyText(300), swarm: anyText(300) }),
    },
    {
      requiredKeys: ['site', 'post', 'server', 'key', 'mode', 'consent', 'control', 'worker', 'scripts'],
      noNullPrototype: true,
    },
  )
  .chain((config) =>
    config.notice
      ? fc.constantFrom(config.consent, 'notice' as const).map((consent) => ({ ...config, consent }))
      : fc.constant(config),
  )
