import assert from 'node:assert/strict'
import { createHmac, randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { readEvent } from './event.ts'
import type { ConnectorErrorCode } from '../connector-error.ts'
import type { MessageHeaders } from '../contract.ts'
import { isHomeOf, verifySiteMessage } from './site-message.ts'

const key = randomBytes(32)
const secret = `whsec_${key.toString('base64')}`
const event = {
  type: 'post.published',
  timestamp: '2026-01-01T00:00:00Z',
  data: { post: '12', url: 'https://blog.example/?p=12' },
}

/** Signs a message independently, following the Standard Webhooks specification. */
function signed(
  body: unknown,
  { id = 'evt_1', at = Date.now(), by = key }: { id?: string; at?: number; by?: Buffer } = {},
) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const seconds = Math.floor(at / 1000)
  const signature = createHmac('sha256', by).update(`${id}.${seconds}.${text}`).digest('base64')
  const headers: Record<string, string> = {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${signature}`,
  }
  return { headers, body: Buffer.from(text) }
}

const verify = (by: string, headers: MessageHeaders, body: Buffer) =>
  verifySiteMessage({ secret: by, headers, body })
const verifyEvent = (by: string, headers: MessageHeaders, body: Buffer) =>
  readEvent(verify(by, headers, body))

function refused(code: ConnectorErrorCode, { headers, body }: ReturnType<typeof signed>) {
  assert.throws(() => verifyEvent(secret, headers, body), { name: 'ConnectorError', code })
}

describe('an event of a site', () => {
  test('is accepted if its signature is valid', () => {
    const { headers, body } = signed(event)
    assert.deepEqual(verifyEvent(secret, headers, body), {
      id: 'evt_1',
      type: 'post.published',
      post: '12',
      url: 'https://blog.example/?p=12',
      statement: { says: 'published', saidAt: new Date(event.timestamp) },
    })
  })

  test('is refused if its time cannot be recorded', () => {
    for (const timestamp of ['2026-01-01T00:00:00+05', '0000-01-01T00:00:00Z', '1969-12-31T23:59:59Z', 'now'])
      refused('bad-event', signed({ ...event, timestamp }))
  })

  for (const type of ['post.unpublished', 'post.deleted']) {
    test(`withdraws the post when it is ${type} with a home URL, and suspends it without`, () => {
      for (const [home, says] of [
        [{ home_url: 'https://blog.example' }, 'withdrawn'],
        [{}, 'suspended'],
      ] as const) {
        const { headers, body } = signed({ ...event, type, ...home })
        assert.equal(verifyEvent(secret, headers, body).statement.says, says)
      }
    })
  }

  test('is accepted if one of several signatures is valid', () => {
    const { headers, body } = signed(event)
    headers['webhook-signature'] = `v1,AAAA v2,BBBB ${headers['webhook-signature']}`
    assert.equal(verifyEvent(secret, headers, body).id, 'evt_1')
  })

  test('is refused if signed with another secret', () =>
    refused('bad-signature', signed(event, { by: randomBytes(32) })))

  test('is refused if a signed part was changed', () => {
    const good = signed(event)
    refused('bad-signature', { ...good, body: Buffer.from(good.body.toString().replace('12', '13')) })
    refused('bad-signature', { ...good, headers: { ...good.headers, 'webhook-id': 'evt_2' } })
    const later = String(Number(good.headers['webhook-timestamp']) + 1)
    refused('bad-signature', { ...good, headers: { ...good.headers, 'webhook-timestamp': later } })
  })

  for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature']) {
    test(`is refused with a missing or invalid ${name}`, () => {
      for (const value of ['', 'a b.c', '\u0000']) {
        const good = signed(event)
        refused('bad-signature', { ...good, headers: { ...good.headers, [name]: value } })
      }
    })
  }

  test('is refused more than five minutes from now', () => {
    refused('stale', signed(event, { at: Date.now() - 301_000 }))
    refused('stale', signed(event, { at: Date.now() + 302_000 }))
  })

  for (const [what, body] of [
    ['no JSON', 'post=12'],
    ['nothing', ''],
    ['another type', { ...event, type: 'post.liked' }],
    ['no time', { ...event, timestamp: 'yesterday' }],
    ['a post id that is a path', { ...event, data: { ...event.data, post: '../12' } }],
    ['a post id that means this folder', { ...event, data: { ...event.data, post: '.' } }],
    ['a post id that means the folder above', { ...event, data: { ...event.data, post: '..' } }],
    ['no URL', { ...event, data: { post: '12', url: 'somewhere' } }],
    ...[
      'https://blog.example/\0',
      'https://blog.example/a\0b',
      'https://blog.example/\n12',
      'https://blog.example/\ud800',
      'https://blog.example/\udc00a',
      'https://u:p@blog.example/12',
      'blob:https://blog.example/12',
      `https://blog.example/${'a'.repeat(2048)}`,
    ].flatMap((url) =>
      ['post.published', 'post.deleted'].map(
        (type) =>
          [
            `the URL ${JSON.stringify(url.slice(0, 40))} of ${type}`,
            { ...event, type, data: { post: '12', url } },
          ] as const,
      ),
    ),
    ['more than 64 KiB', { ...event, padding: 'x'.repeat(65_536) }],
  ] as const) {
    test(`is refused with ${what}, even if signed`, () => refused('bad-event', signed(body)))
  }
})

describe('the home URL of a message', () => {
  test('is null if the plugin sends none, and refused if it is invalid', () => {
    const { headers, body } = signed(event)
    assert.equal(verify(secret, headers, body).homeUrl, null)
    refused('bad-event', signed({ ...event, home_url: 'blog.example' }))
    refused('bad-event', signed({ ...event, home_url: 12 }))
  })

  test('is compared without scheme, www and trailing slash', () => {
    const site = { url: 'https://www.blog.example/news/' }
    for (const home of [
      null,
      'http://blog.example/news',
      'https://www.blog.example/news/',
      'https://BLOG.example/news',
    ])
      assert.ok(isHomeOf(site, home), String(home))
    for (const home of [
      'https://staging.blog.example/news',
      'https://blog.example',
      'https://blog.example/newsroom',
      'https://blog.example:8443/news',
      'https://wwwblog.example/news',
    ])
      assert.ok(!isHomeOf(site, home), home)
  })
})

test('decodes an event of a later release, drops the unknown fields and counts them', () => {
  const later = {
    ...event,
    home_url: 'https://blog.example',
    since09: 1,
    data: { ...event.data, author: { id: 3 } },
  }
  const { headers, body } = signed(later)
  const tally = { unknownFields: 0 }
  const message = verify(secret, headers, body)
  const { statement, ...read } = readEvent(message, tally)
  assert.deepEqual(read, { id: 'evt_1', type: event.type, ...event.data })
  assert.deepEqual(statement, { says: 'published', saidAt: new Date(event.timestamp) })
  assert.equal(tally.unknownFields, 2)
})
