import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { SourceResponse } from '../contract.ts'
import { defaultSitemapLimits, readSitemap, type SitemapLimits } from './read-sitemap.ts'

const origin = 'https://a.example'
const root = `${origin}/sitemap.xml`
const now = Date.parse('2026-05-01T00:00:00Z')

type Body = string | Uint8Array | (() => AsyncIterable<Buffer>)

/** Reads the sitemap of a site that has these files. Counts the bytes that were read of a streamed body. */
async function read(files: Readonly<Record<string, Body>>, limits: Partial<SitemapLimits> = {}) {
  const problems: string[] = []
  const fetched: string[] = []
  const entries: (readonly [url: string, lastmod: string | null])[] = []
  const fetch = async (url: string) => {
    fetched.push(url)
    return responseOf(url, files[new URL(url).pathname])
  }
  const options = { origins: [origin], now, limits: { ...defaultSitemapLimits, ...limits } }
  for await (const { url, lastmod } of readSitemap(fetch, root, {
    ...options,
    problem: (text) => problems.push(text.replaceAll(origin, '')),
  })) {
    entries.push([url.replace(origin, ''), lastmod?.toISOString() ?? null])
  }
  return { entries, urls: entries.map(([url]) => url), problems, fetched }
}

function responseOf(url: string, body: Body | undefined): SourceResponse {
  return {
    status: body === undefined ? 404 : 200,
    url: new URL(url),
    header: (name) => (name === 'content-type' ? 'application/xml' : null),
    async *read() {
      if (typeof body === 'function') yield* body()
      else yield Buffer.from(body ?? '')
    },
    discard: () => {},
  }
}

const urlset = (...urls: string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${urls
    .map((url) => `<url><loc>${url}</loc></url>`)
    .join('\n')}</urlset>`
const index = (...urls: string[]) =>
  `<sitemapindex>${urls.map((url) => `<sitemap><loc>${url}</loc></sitemap>`).join('')}</sitemapindex>`

test('yields pages with the dates that can be true', async () => {
  const { entries, problems } = await read({
    '/sitemap.xml': `<urlset xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
      <url><loc> ${origin}/one/?a=1&amp;b=2#x </loc><lastmod>2026-04-01</lastmod>
        <image:image><image:loc>${origin}/a.jpg</image:loc></image:image></url>
      <url><lastmod>1970-01-01</lastmod><loc><![CDATA[${origin}/two/]]></loc><priority>1</priority></url>
      <url><loc>/three/?utm_source=x</loc><lastmod>2099-01-01</lastmod></url></urlset>`,
  })
  assert.deepEqual(entries, [
    ['/one/?a=1&b=2', '2026-04-01T00:00:00.000Z'],
    ['/two/', null],
    ['/three/', null],
  ])
  assert.deepEqual(problems, [])
})

test('a sitemap without pages has no problem', async () => {
  for (const text of ['<urlset/>', '<?xml version="1.0"?><!DOCTYPE urlset><urlset></urlset>', index()]) {
    assert.deepEqual((await read({ '/sitemap.xml': text })).problems, [])
  }
})

test('reads all sitemaps of an index, packed or not', async () => {
  const { urls, problems } = await read({
    '/sitemap.xml': index(`${origin}/a.xml`, `${origin}/b.xml.gz`),
    '/a.xml': urlset(`${origin}/1`),
    '/b.xml.gz': gzipSync(urlset(`${origin}/2`, `${origin}/3`)),
  })
  assert.deepEqual(urls, ['/1', '/2', '/3'])
  assert.deepEqual(problems, [])
})

test('an index that names itself is read once', async () => {
  const { urls, fetched } = await read({
    '/sitemap.xml': index(root, `${root}#again`, `${origin}/a.xml`),
    '/a.xml': urlset(`${origin}/1`),
  })
  assert.deepEqual(urls, ['/1'])
  assert.equal(fetched.length, 2)
})

test('indexes without end are left at the maximum depth', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 10 }, (_, i) => [
      i === 0 ? '/sitemap.xml' : `/${i}.xml`,
      index(`${origin}/${i + 1}.xml`),
    ]),
  )
  const { fetched, problems } = await read(files)
  assert.equal(fetched.length, 4)
  assert.deepEqual(problems, ['/3.xml: /4.xml was left out: there are more than 3 indexes above it.'])
})

test('an index of too many files is read up to the limit', async () => {
  const names = Array.from({ length: 10 }, (_, i) => `/${i}.xml`)
  const { urls, problems } = await read(
    {
      '/sitemap.xml': index(...names),
      ...Object.fromEntries(names.map((name) => [name, urlset(`${origin}${name}/`)])),
    },
    { maxFiles: 4 },
  )
  assert.equal(urls.length, 3)
  assert.deepEqual(problems, ['/sitemap.xml: The rest was not read: one reading has 4 files at most.'])
})

test('a file has at most 50,000 entries', async () => {
  const many = Array.from({ length: 50_001 }, (_, i) => `${origin}/${i}`)
  const { urls, problems } = await read({ '/sitemap.xml': urlset(...many) })
  assert.equal(urls.length, 50_000)
  assert.deepEqual(problems, [
    '/sitemap.xml: Only its first 50000 entries were read, which is the limit of the protocol.',
  ])
})

test('one reading has a maximum number of pages', async () => {
  const { urls, problems } = await read(
    { '/sitemap.xml': urlset(`${origin}/1`, `${origin}/2`, `${origin}/3`) },
    { maxUrls: 2 },
  )
  assert.deepEqual(urls, ['/1', '/2'])
  assert.deepEqual(problems, ['/sitemap.xml: Only the first 2 pages were read.'])
})

test('addresses of other origins and other schemes are left out and counted', async () => {
  const { urls, problems, fetched } = await read({
    '/sitemap.xml': index('https://b.example/a.xml', `${origin}/a.xml`),
    '/a.xml': urlset('https://b.example/', 'http://a.example/', 'javascript:alert(1)', '', `${origin}/1`),
  })
  assert.deepEqual(urls, ['/1'])
  assert.equal(fetched.length, 2)
  assert.deepEqual(problems, [
    '/sitemap.xml: Addresses on other origins were left out: 1.',
    '/a.xml: Addresses on other origins were left out: 2.',
    '/a.xml: Entries without a valid address were left out: 2.',
  ])
})

describe('a file that cannot be read is a problem, and the others are read', () => {
  const entities = `<!DOCTYPE urlset [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><urlset/>`
  const cases: Readonly<Record<string, readonly [Body | undefined, RegExp]>> = {
    missing: [undefined, /responded with status 404/],
    empty: ['', /no XML elements/],
    'plain text': ['Not found', /no XML elements/],
    'a web page': ['<!doctype html><html><body>Hello', /no sitemap: its first element is <html>/],
    'a feed': ['<rss version="2.0"><channel/></rss>', /no sitemap: its first element is <rss>/],
    'an entity bomb': [entities, /declares entities/],
    truncated: [urlset(`${origin}/lost`).slice(0, -30), /ends too early/],
    'damaged gzip': [gzipSync(urlset(`${origin}/1`)).subarray(0, 40), /gzip data is damaged/],
    nested: [`<urlset>${'<a>'.repeat(100_000)}`, /nested too deeply/],
    attributes: [`<urlset ${Array.from({ length: 100_000 }, (_, i) => `a${i}=""`).join(' ')}>`, /too many/],
  }
  for (const [name, [body, expected]] of Object.entries(cases)) {
    test(name, async () => {
      const { urls, problems } = await read({
        '/sitemap.xml': index(`${origin}/bad.xml`, `${origin}/good.xml`),
        '/good.xml': urlset(`${origin}/1`),
        ...(body !== undefined && { '/bad.xml': body }),
      })
      assert.deepEqual(urls, ['/1'])
      assert.match(problems.join('\n'), expected)
    })
  }
})

test('an error of form does not hide the other entries', async () => {
  const { urls, problems } = await read({
    '/sitemap.xml': `<urlset><url><loc>${origin}/?a=1&b=2</loc></url><url><loc>${origin}/2</loc></url></urlset>`,
  })
  assert.deepEqual(urls, ['/?a=1&b=2', '/2'])
  assert.deepEqual(problems, [])
})

test('encodings are read by byte order mark, declaration and default', async () => {
  const text = urlset(`${origin}/größe/`)
  for (const body of [
    Buffer.from(text),
    Buffer.from(`\ufeff${text}`),
    Buffer.from(`\ufeff${text}`, 'utf16le'),
    Buffer.from(text.replace('UTF-8', 'windows-1252'), 'latin1'),
  ]) {
    assert.deepEqual((await read({ '/sitemap.xml': body })).urls, ['/gr%C3%B6%C3%9Fe/'])
  }
  const wrong = await read({ '/sitemap.xml': Buffer.from(text, 'latin1') })
  assert.deepEqual(wrong.urls, [])
  assert.deepEqual(wrong.problems, ['/sitemap.xml: Entries without a valid address were left out: 1.'])
})

test('characters and tags may be cut anywhere', async () => {
  const bytes = Buffer.from(urlset(`${origin}/größe/`, `${origin}/2?a&amp;b`))
  const inBytes = async function* () {
    for (const byte of bytes) yield Buffer.of(byte)
  }
  assert.deepEqual((await read({ '/sitemap.xml': inBytes })).urls, ['/gr%C3%B6%C3%9Fe/', '/2?a&b'])
})

test('a gzip bomb is read up to the limit only', async () => {
  const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, ' '))
  const { urls, problems } = await read({ '/sitemap.xml': bomb }, { maxFile: 1024 * 1024 })
  assert.deepEqual(urls, [])
  assert.deepEqual(problems, ['/sitemap.xml: The rest was not read: it has more than 1048576 bytes.'])
})

test('an endless file is read up to the limit only', async () => {
  let sent = 0
  const endless = async function* () {
    yield Buffer.from('<urlset>')
    for (;;) {
      const piece = Buffer.from(`<url><loc>${origin}/${sent}</loc></url>`.repeat(100))
      sent += piece.length
      yield piece
    }
  }
  const { urls, problems } = await read({ '/sitemap.xml': endless }, { maxFile: 100_000 })
  assert.ok(urls.length > 1000)
  assert.ok(sent < 110_000)
  assert.match(problems.join('\n'), /more than 100000 bytes/)
})

test('the first file that cannot be fetched is an error, another one a problem', async () => {
  const failing = (failed: string) => async (url: string) => {
    if (url === failed) throw new Error('the connection failed')
    return responseOf(url, url === root ? index(`${origin}/a.xml`, `${origin}/b.xml`) : urlset(`${url}/1`))
  }
  const problems: string[] = []
  const options = { origins: [origin], now, problem: (text: string) => problems.push(text) }
  const all = (failed: string) => Array.fromAsync(readSitemap(failing(failed), root, options))
  await assert.rejects(all(root), /the connection failed/)
  assert.deepEqual(
    (await all(`${origin}/a.xml`)).map(({ url }) => url),
    [`${origin}/b.xml/1`],
  )
  assert.deepEqual(problems, [`${origin}/a.xml: It could not be fetched: the connection failed`])
})

test('a reading that is stopped does not end as if the rest were missing', async () => {
  const stopped = Object.assign(new Error('the server is stopping'), { code: 'stopped' })
  const fetch = async (url: string) => {
    if (url !== root) throw stopped
    return responseOf(url, index(`${origin}/a.xml`))
  }
  const options = { origins: [origin], now, problem: () => {} }
  await assert.rejects(Array.fromAsync(readSitemap(fetch, root, options)), stopped)
})
