import type { Beacon } from '@peerpress/wire'
import { beaconOf, siteId, siteOrigin } from './beacon.testing.ts'
import type { Random } from './random.testing.ts'

const hostileTexts = [
  '',
  ' ',
  '__proto__',
  'constructor',
  'null',
  '\u0000',
  '\ud800',
  '\u202e',
  'a@b.example',
  `${siteOrigin}/`,
  `${siteOrigin}/?query`,
  `${siteOrigin}/#part`,
  'javascript:alert(1)',
  'http://user:pw@blog.example/',
  'HTTPS://BLOG.EXAMPLE/',
  siteId,
  'assisted',
  '4g',
  'navigate',
  '00000000-0000-7000-8000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  "'); DROP TABLE snapshots --",
  'x'.repeat(200),
  'x'.repeat(201),
  'ü'.repeat(3000),
]
const hostileNumbers = [
  0,
  -0,
  -1,
  1,
  0.5,
  1.5,
  255,
  256,
  10_000,
  10_001,
  65_535,
  65_536,
  86_400_000,
  86_400_001,
  604_800_000,
  604_800_001,
  1e6,
  1e6 + 1,
  2 ** 31,
  2 ** 32,
  2 ** 40,
  2 ** 40 + 1,
  2 ** 53,
  1e15,
  1e16,
  1e300,
  -1e300,
  5e-324,
  1e-7,
]
/** Fragments that are written into JSON unchanged, because parsers read them differently. */
const hostileTokens = [
  '1e999',
  '-1e999',
  'NaN',
  'Infinity',
  '01',
  '1.',
  '"\\ud800"',
  '"\\u0000"',
  '{"__proto__":1}',
  '[[[[[[[[[[',
  '0x10',
  '1e-999',
  '18446744073709551616',
]

/** Makes a body: not a beacon, an invalid one, an unusual one, or a good one. */
export function hostileBody(random: Random): Buffer {
  if (random.chance(0.03)) return randomBytes(random, random.below(400))
  if (random.chance(0.1)) {
    const list = Array.from({ length: random.below(random.chance(0.1) ? 60 : 6) }, () => oddValue(random))
    return mangled(JSON.stringify(list), random)
  }
  return mangled(JSON.stringify(oddValue(random)), random)
}

function oddValue(random: Random): unknown {
  const beacon = fullBeacon(random)
  if (random.chance(0.35)) return beacon
  const changes = 1 + random.below(3)
  let value: unknown = beacon
  for (let change = 0; change < changes; change++) value = changed(value, random)
  return value
}

/** Makes a beacon in which some optional parts may be missing. */
function fullBeacon(random: Random): Beacon {
  const maybe = <Part>(part: Part): Part | null => (random.chance(0.25) ? null : part)
  const ms = () => maybe(random.below(9000) + random.pick([0, 0.1, 0.25]))
  const count = () => random.below(20)
  const view = `0196${random
    .below(2 ** 16)
    .toString(16)
    .padStart(4, '0')}-${random
    .below(2 ** 16)
    .toString(16)
    .padStart(4, '0')}-7000-8000-${String(random.below(1e9)).padStart(12, '0')}`
  return beaconOf(1, {
    site: random.chance(0.9) ? siteId : random.pick(['zzzzzzzzzzzzzzzz', 'bbbbbbbbbbbbbbbb']),
    view,
    sequence: 1 + random.below(9),
    age: random.below(100_000),
    sampling: random.pick([1, 0.5, 0.0001]),
    hidden: maybe(random.chance(0.5)),
    session: maybe({ id: view, landing: random.chance(0.5) }),
    referrer: maybe(random.pick(['www.google.com', 'chatgpt.com', '[::1]', 'localhost:3000'])),
    campaign: maybe({ source: maybe('news'), medium: null, name: maybe('ü "x"'), term: null, content: null }),
    attribution: maybe({
      lcp: {
        target: maybe('#a>img'),
        url: maybe(`${siteOrigin}/a.jpg`),
        timeToFirstByte: ms(),
        resourceLoadDelay: ms(),
        resourceLoadDuration: ms(),
        elementRenderDelay: ms(),
      },
      inp: { target: maybe('button'), inputDelay: ms(), processingDuration: ms(), presentationDelay: ms() },
      cls: { target: maybe('aside') },
    }),
    timing: maybe({
      redirect: ms(),
      lookup: ms(),
      connect: ms(),
      tls: ms(),
      request: ms(),
      response: ms(),
      interactive: ms(),
      contentLoaded: ms(),
    }),
    resources: maybe(
      Array.from({ length: random.below(8) }, () => ({
        type: random.pick(['image', 'script', 'other'] as const),
        count: count(),
        cached: count(),
        duration: random.below(9000),
        bytes: random.below(2 ** 30),
      })),
    ),
    longFrames: maybe({ count: count(), duration: count(), blocking: count() }),
    errors: maybe({
      scripts: count(),
      resources: count(),
      samples: Array.from({ length: random.below(4) }, () => ({
        kind: random.pick(['script', 'rejection', 'resource'] as const),
        text: 'x is not a function',
        source: maybe(`${siteOrigin}/a.js`),
        line: maybe(count()),
      })),
    }),
    actions: maybe({ interactions: count(), copies: count(), outbound: count(), downloads: count() }),
    events: maybe(
      Array.from({ length: random.below(4) }, () => ({ name: 'sign-up', count: 1, value: maybe(-0.5) })),
    ),
    playback: maybe({ played: random.below(9000) / 2, stalled: random.below(9000), stalls: count() }),
    engagement: { engagedMs: random.below(3000), scrollDepth: random.below(11) / 10 },
    ...(random.chance(0.1) && { automated: random.chance(0.5) }),
  })
}

/** Returns a copy with one inner value replaced, removed, doubled or added. */
function changed(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random.chance(0.02)) return hostileValue(random)
  if (Array.isArray(value)) {
    const items: unknown[] = [...(value as unknown[])]
    const at = random.below(items.length + 1)
    const item = items[at]
    if (item === undefined || random.chance(0.1)) items.splice(at, 0, ...items, hostileValue(random))
    else items[at] = changed(item, random)
    return items
  }
  const fields: Record<string, unknown> = { ...value }
  const name = random.pick(Object.keys(fields).length === 0 ? ['x'] : Object.keys(fields))
  const draw = random.below(10)
  if (draw === 0) delete fields[name]
  else if (draw === 1) fields[random.pick(hostileTexts)] = hostileValue(random)
  else fields[name] = changed(fields[name], random)
  return fields
}

function hostileValue(random: Random): unknown {
  return random.pick<() => unknown>([
    () => random.pick(hostileNumbers),
    () => random.pick(hostileNumbers),
    () => random.pick(hostileTexts),
    () => null,
    () => random.chance(0.5),
    () => Array.from({ length: random.below(30) }, () => random.pick(hostileNumbers)),
    () => ({ [random.pick(hostileTexts)]: random.pick(hostileTexts) }),
    () => String.fromCharCode(random.below(0x1_0000), random.below(0x1_0000)),
  ])()
}

/** Returns a text as bytes, sometimes cut, doubled, spliced, padded, or with flipped bits. */
function mangled(text: string, random: Random): Buffer {
  const bytes = Buffer.from(text)
  if (random.chance(0.7)) return bytes
  const at = random.below(bytes.length + 1)
  switch (random.below(7)) {
    case 0:
      return bytes.subarray(0, at)
    case 1:
      return Buffer.concat([bytes, bytes.subarray(at)])
    case 2:
      return Buffer.concat([
        bytes.subarray(0, at),
        randomBytes(random, 8),
        bytes.subarray(at + random.below(8)),
      ])
    case 3: {
      if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8))
      return bytes
    }
    case 4:
      return Buffer.from(text.replace(/:-?[\d.]+/, `:${random.pick(hostileTokens)}`))
    case 5:
      return Buffer.concat([Buffer.from(random.pick(['\ufeff', ' ', '\n\t', '[', '{"a":'])), bytes])
    default:
      return Buffer.concat([bytes, Buffer.alloc(random.below(random.chance(0.05) ? 300_000 : 100), ' ')])
  }
}

function randomBytes(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.below(256)))
}
