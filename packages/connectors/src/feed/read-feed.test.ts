import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { defaultFeedLimits, type FeedLimits, readFeed } from './read-feed.ts'

const origin = 'https://a.example'
const now = Date.parse('2026-05-01T00:00:00Z')

async function read(
  body: string | Uint8Array | AsyncIterable<Uint8Array>,
  { contentType = null, limits = {} }: { contentType?: string | null; limits?: Partial<FeedLimits> } = {},
) {
  const pieces = typeof body === 'string' || body instanceof Uint8Array ? piecesOf(Buffer.from(body)) : body
  const { entries, problems } = await readFeed(pieces, {
    contentType,
    url: `${origin}/feed.xml`,
    origins: [origin],
    now,
    limits: { ...defaultFeedLimits, ...limits },
  })
  return { entries, urls: entries.map(({ url }) => url.replace(origin, '')), problems }
}

async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += 1000) yield bytes.subarray(start, start + 1000)
}

const rss = (...items: string[]) =>
  `<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>A</title><link>${origin}/</link>
<description>d</description>${items.map((item) => `<item>${item}</item>`).join('')}</channel></rss>`
const updated = new Date('2026-04-01T10:00:00Z')
const formats: Readonly<Record<string, string>> = {
  rss: rss(`<title>One &amp; two</title><link>${origin}/one/?utm_source=rss</link><guid isPermaLink="false">id-1</guid>
    <pubDate>Wed, 01 Apr 2026 10:00:00 GMT</pubDate>`),
  atom: `<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><id>a</id><updated>2026-04-02T00:00:00Z</updated>
    <entry><id>id-1</id><title>One &amp; two</title><link rel="self" href="/self"/>
    <link rel="enclosure" href="/a.mp3"/><link rel="alternate" type="application/json" href="/one.json"/>
    <link rel="alternate" type="text/html" href="/one/"/><updated>2026-04-01T10:00:00Z</updated></entry></feed>`,
  rdf: `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="${origin}/"><title>A</title></channel>
    <item rdf:about="id-1"><title>One &amp; two</title><link>${origin}/one/</link>
    <dc:date>2026-04-01T10:00:00Z</dc:date></item></rdf:RDF>`,
  json: JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: 'A',
    items: [
      { id: 'id-1', url: `${origin}/one/#top`, title: 'One & two', date_modified: '2026-04-01T10:00:00Z' },
    ],
  }),
}

for (const [format, text] of Object.entries(formats)) {
  test(`reads ${format}`, async () => {
    const { entries, problems } = await read(text)
    assert.deepEqual(entries, [{ url: `${origin}/one/`, id: 'id-1', title: 'One & two', updated }])
    assert.deepEqual(problems, [])
  })
}

test('a page is named once, by its first entry', async () => {
  const { entries } = await read(
    rss(`<link>/1</link><title>first</title>`, `<link>/1?utm_medium=x</link>`, `<link>/2</link>`),
  )
  assert.deepEqual(
    entries.map(({ id, title }) => [id, title]),
    [
      [`${origin}/1`, 'first'],
      [`${origin}/2`, null],
    ],
  )
})

test('a guid is the address of an entry unless the feed denies it', async () => {
  const { urls, problems } = await read(
    rss(`<guid>${origin}/1</guid>`, `<guid isPermaLink="false">${origin}/2</guid>`),
  )
  assert.deepEqual(urls, ['/1'])
  assert.deepEqual(problems, ['Entries without a valid address were left out: 1.'])
})

test('dates of 1970 and 2099 are unknown, and their entries are read', async () => {
  const { entries } = await read(
    rss(
      `<link>/1</link><pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>`,
      `<link>/2</link><pubDate>Thu, 31 Dec 2099 00:00:00 GMT</pubDate>`,
      `<link>/3</link><pubDate>soon</pubDate>`,
    ),
  )
  assert.deepEqual(
    entries.map((entry) => entry.updated),
    [null, null, null],
  )
})

test('addresses of other origins and other schemes are left out and counted', async () => {
  const { urls, problems } = await read(
    rss(
      '<link>https://b.example/1</link>',
      '<link>http://a.example/1</link>',
      '<link>javascript:alert(1)</link>',
      '<link>https://u:p@a.example/1</link>',
      '<title>no link</title>',
      '<link>/2</link>',
    ),
  )
  assert.deepEqual(urls, ['/2'])
  assert.deepEqual(problems, [
    'Entries on other origins were left out: 2.',
    'Entries without a valid address were left out: 3.',
  ])
})

describe('wrong encodings', () => {
  const text = rss('<title>Größe</title><link>/1</link>')
  const titles = async (bytes: Uint8Array, contentType: string | null = null) => {
    const { entries, problems } = await read(bytes, { contentType })
    return [entries[0]?.title, ...problems]
  }

  test('UTF-16 and byte order marks are read', async () => {
    assert.deepEqual(await titles(Buffer.from(`\ufeff${text}`)), ['Größe'])
    assert.deepEqual(await titles(Buffer.from(`\ufeff${text}`, 'utf16le')), ['Größe'])
    assert.deepEqual(await titles(Buffer.from(text, 'utf16le').swap16()), ['Größe'])
  })

  test('windows-1252 is read if it is stated, and if it is not', async () => {
    const bytes = Buffer.from(text, 'latin1')
    const stated = Buffer.from(text.replace('utf-8', 'windows-1252'), 'latin1')
    assert.deepEqual(await titles(stated), ['Größe'])
    assert.deepEqual(await titles(bytes, 'text/xml; charset=iso-8859-1'), ['Größe'])
    assert.deepEqual(await titles(bytes), [
      'Größe',
      'It states the encoding utf-8, but it is in windows-1252.',
    ])
  })
})

describe('what is no feed has no entries and a reason', () => {
  const bomb = `<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "${'a'.repeat(1000)}">
    ${Array.from({ length: 9 }, (_, i) => `<!ENTITY a${i} "${`&a${i === 0 ? '' : i - 1};`.repeat(10)}">`).join('')}]>`
  const cases: Readonly<Record<string, readonly [string, RegExp]>> = {
    empty: ['', /is empty/],
    spaces: [' \n', /is empty/],
    'a web page': ['\n<!DOCTYPE html><html><head><title>x</title>', /web page, not a feed/],
    'other XML': ['<urlset><url><loc>/1</loc></url></urlset>', /no complete RSS, Atom, RDF or JSON feed/],
    'other JSON': ['{"items": [{"url": "/1"}]}', /no complete/],
    truncated: [rss('<link>/1</link>').slice(0, -30), /no complete/],
    'names of object members': [rss('<__proto__><constructor>a</constructor></__proto__>'), /no complete/],
    nested: [rss('<a>'.repeat(100_000)), /no complete/],
  }
  for (const [name, [text, expected]] of Object.entries(cases)) {
    test(name, async () => {
      const { entries, problems } = await read(text)
      assert.deepEqual(entries, [])
      assert.match(problems.join('\n'), expected)
    })
  }

  test('entities of the document are not expanded', async () => {
    const { entries } = await read(bomb + rss('<link>/1</link><title>&a8;</title>').replace(/^<\?.*?\?>/, ''))
    assert.equal(entries[0]?.title, '&a8;')
  })
})

test('a feed of 50 MB is refused at the limit, and the rest is not requested', async () => {
  let sent = 0
  const large = (async function* () {
    for (; sent < 50_000_000; sent += 100_000) yield Buffer.alloc(100_000, ' ')
  })()
  const { entries, problems } = await read(large)
  assert.deepEqual(entries, [])
  assert.match(problems.join('\n'), /longer than 8 MiB. Let the feed list fewer entries/)
  assert.ok(sent <= 8_400_000)
})

test('only the first entries of a long feed are read', async () => {
  const { urls, problems } = await read(rss('<link>/1</link>', '<link>/2</link>', '<link>/3</link>'), {
    limits: { maxEntries: 2 },
  })
  assert.deepEqual(urls, ['/1', '/2'])
  assert.deepEqual(problems, ['Only its first 2 entries were read.'])
})

test('a feed that takes too long is given up', async () => {
  const { problems } = await read(rss(...Array(50_000).fill('<link>/1</link>')), { limits: { time: 1 } })
  assert.deepEqual(problems, ['Reading it took more than 1 ms.'])
})

test('a feed that takes too much memory is given up', async () => {
  const { problems } = await read(rss(...Array(50_000).fill('<link>/1</link>')), { limits: { memory: 8 } })
  assert.match(problems.join('\n'), /more than 8 MiB|cannot be read/)
})

test('an error of the body is an error', async () => {
  const broken = (async function* () {
    yield Buffer.from('<rss')
    throw new Error('the connection failed')
  })()
  await assert.rejects(read(broken), /the connection failed/)
})
