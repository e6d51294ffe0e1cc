import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Site } from '@peerpress/registry'
import type { Cursor, NamedPage } from '../contract.ts'
import { feedConnector } from './feed-connector.ts'

const feed = JSON.stringify({
  version: 'https://jsonfeed.org/version/1.1',
  title: 'A',
  items: [
    { id: '1', url: '/one/', title: 'One', date_modified: '2026-05-01T00:00:00Z' },
    { id: '2', url: '/two/' },
  ],
})

/** Polls a feed that responds so. */
async function poll(response: {
  status?: number
  headers?: Record<string, string>
  cursor?: Cursor
  body?: Iterable<Buffer>
}) {
  const { status = 200, headers = {}, cursor = {}, body = [Buffer.from(feed)] } = response
  const pages: NamedPage[] = []
  const problems: string[] = []
  let sent: Readonly<Record<string, string>> = {}
  let isClosed = false
  const source = feedConnector.poll({
    site: { origins: ['https://a.example'] } as unknown as Site,
    url: 'https://a.example/feed',
    cursor,
    now: Date.parse('2026-06-01T00:00:00Z'),
    problem: (text) => problems.push(text),
    fetch: async (url, options) => {
      sent = options?.headers ?? {}
      return {
        status,
        url: new URL(url),
        header: (name) => headers[name] ?? null,
        read: async function* read(limit) {
          let size = 0
          for (const piece of body) {
            size += piece.length
            if (size > limit) throw new Error('beyond the limit of the network')
            yield piece
          }
        },
        discard: () => {
          isClosed = true
        },
      }
    },
  })
  try {
    for (;;) {
      const next = await source.next()
      if (next.done === true) return { end: next.value, pages, problems, sent }
      pages.push(next.value)
    }
  } finally {
    assert.ok(isClosed, 'the connection is closed')
  }
}

describe('the connector of a feed', () => {
  test('names its entries with what the feed states of their versions', async () => {
    const { pages, end } = await poll({})
    assert.deepEqual(pages, [
      { url: 'https://a.example/one/', hint: '2026-05-01T00:00:00.000Z One' },
      { url: 'https://a.example/two/', hint: null },
    ])
    assert.deepEqual(end, { isUnchanged: false, cursor: {} })
  })

  test('sends the validators of the last response, and a 304 names nothing', async () => {
    const headers = { etag: 'W/"1"', 'last-modified': 'Fri, 01 May 2026 00:00:00 GMT' }
    const { cursor } = (await poll({ headers })).end
    assert.deepEqual(cursor, { etag: 'W/"1"', lastModified: headers['last-modified'] })
    const { sent, pages, end } = await poll({ status: 304, cursor })
    assert.deepEqual([sent['if-none-match'], sent['if-modified-since']], ['W/"1"', cursor.lastModified])
    assert.deepEqual([pages, end], [[], { isUnchanged: true, cursor }])
  })

  test('does not remember a validator that no header can carry', async () => {
    for (const etag of ['"a\nb"', `"${'x'.repeat(600)}"`, '"\u00e9"', ''])
      assert.deepEqual((await poll({ headers: { etag } })).end.cursor, {}, etag)
  })

  test('says what to do when the feed is too long, whatever the pieces in which it arrives', async () => {
    for (const size of [1000, 65_536, 1024 * 1024]) {
      const body = Array.from({ length: Math.ceil((50 * 1024 ** 2) / size) }, () => Buffer.alloc(size, ' '))
      const { pages, problems } = await poll({ body })
      assert.deepEqual(pages, [])
      assert.match(problems.join(' '), /longer than 8 MiB. Let the feed list fewer entries/)
    }
  })

  test('says what to do when there is no feed', async () => {
    for (const status of [301, 401, 403, 404, 410, 500])
      await assert.rejects(poll({ status }), { code: 'bad-source', message: new RegExp(`status ${status}`) })
  })
})
