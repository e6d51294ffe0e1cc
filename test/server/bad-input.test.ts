import assert from 'node:assert/strict'
import { createHmac, randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { after, describe, test } from 'node:test'
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib'
import { addSite } from '../support/server/add-site.ts'
import { eventually } from '../support/eventually.ts'
import { makeSeedToken } from '../support/server/seed-token.ts'
import { heldMemory, measuredMemory } from '../support/server/process-memory.ts'
import { browser, postBeacon, sampleBeacon } from '../support/data/sample-beacon.ts'
import { startServerProcess } from '../support/server/server-process.ts'

const origin = 'http://127.0.0.1:8080'
const server = await startServerProcess(measuredMemory)
after(() => server.close())
const site = await addSite(server, `${origin}/`)

/** Checks that an answer is problem details with this status and code. */
async function expectProblem(response: Response, status: number, code?: string): Promise<void> {
  assert.equal(response.status, status)
  assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/)
  const problem = (await response.json()) as Record<string, unknown>
  assert.equal(problem['status'], status)
  assert.equal(typeof problem['detail'], 'string')
  if (code !== undefined) assert.equal(problem['code'], code)
}

/** The server's own count of something, from `/metrics`. */
async function counted(kind: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text()
  const [, value] = new RegExp(`kind="${kind}"} (\\d+)`).exec(text) ?? []
  return Number(value ?? 0)
}

describe('a beacon is refused with a reason that is counted', () => {
  const refused: readonly (readonly [string, () => string, number])[] = [
    ['that is no JSON', () => '{"version":', 400],
    ['that is empty', () => '', 400],
    [
      'with a field too few',
      () => JSON.stringify({ ...sampleBeacon(site.siteId), engagement: undefined }),
      400,
    ],
    ['with a negative time', () => JSON.stringify({ ...sampleBeacon(site.siteId), load: -1 }), 400],
    [
      'over 64 KiB',
      () => JSON.stringify({ ...sampleBeacon(site.siteId), url: `http://x/${'a'.repeat(70_000)}` }),
      413,
    ],
    ['of a site nobody added', () => JSON.stringify(sampleBeacon('zzzzzzzzzzzzzzzz')), 404],
  ]
  for (const [name, body, status] of refused) {
    test(name, async () => {
      const before = await fetch(`${server.url}/metrics`).then((response) => response.text())
      await expectProblem(await postBeacon({ server: server.url, beacon: body(), origin }), status)
      const afterwards = await fetch(`${server.url}/metrics`).then((response) => response.text())
      assert.notEqual(afterwards, before)
    })
  }

  test('not for a field that a later release has, which is counted', async () => {
    const before = await counted('unknown-field')
    const later = JSON.stringify({ ...sampleBeacon(site.siteId), since09: 'x' })
    assert.equal((await postBeacon({ server: server.url, beacon: later, origin })).status, 204)
    assert.equal(await counted('unknown-field'), before + 1)
  })

  test('from a page that is not the site’s', async () => {
    const response = await postBeacon({
      server: server.url,
      beacon: sampleBeacon(site.siteId),
      origin: 'https://evil.example',
    })
    await expectProblem(response, 403)
  })

  test('with a body so large that reading it would cost something', async () => {
    const body = new Uint8Array(8 * 1024 * 1024).fill(0x20)
    const response = await postBeacon({ server: server.url, beacon: body, origin }).catch(() => undefined)
    // The server may hang up before it was all sent; what matters is that it answers others.
    if (response !== undefined) await expectProblem(response, 413)
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200)
  })

  test('while a good one at the same time is accepted', async () => {
    const [bad, good] = await Promise.all([
      postBeacon({ server: server.url, beacon: '[]', origin }),
      postBeacon({ server: server.url, beacon: sampleBeacon(site.siteId), origin }),
    ])
    assert.equal(bad.status, 400)
    assert.equal(good.status, 204)
  })
})

test('a beacon is taken whichever way it comes: plain, compressed, with a query', async () => {
  const accepted = await counted('accepted')
  const send = (path: string, body: BodyInit, headers: Record<string, string> = {}) =>
    fetch(`${server.url}${path}`, {
      method: 'POST',
      body,
      headers: { origin, 'user-agent': browser, ...headers },
    })
  const beacon = () => JSON.stringify(sampleBeacon(site.siteId))
  const responses = [
    await send('/v1/beacon', beacon()),
    await send('/v1/beacon', gzipSync(beacon()), { 'content-encoding': 'gzip' }),
    await send('/v1/beacon', brotliCompressSync(beacon()), { 'content-encoding': 'BR' }),
    await send('/v1/beacon', beacon(), { 'content-encoding': 'identity' }),
    await send('/v1/beacon?again', beacon()),
  ]
  for (const response of responses) {
    assert.equal(response.status, 204)
    assert.equal(response.headers.get('access-control-allow-origin'), '*')
  }
  assert.equal(await counted('accepted'), accepted + 5)
})

const encoded = (body: BodyInit, coding: string) =>
  fetch(`${server.url}/v1/beacon`, {
    method: 'POST',
    body,
    headers: { origin, 'user-agent': browser, 'content-encoding': coding },
  })

test('of a list the beacons that are not taken are named, compressed or not', async () => {
  const good = () => sampleBeacon(site.siteId)
  const list = JSON.stringify([good(), { ...good(), load: -1 }, good()])
  for (const response of [
    await postBeacon({ server: server.url, beacon: list, origin }),
    await encoded(gzipSync(list), 'gzip'),
  ]) {
    const problem = (await response.clone().json()) as { refused: unknown; detail: string }
    await expectProblem(response, 400, 'invalid')
    assert.equal(problem.detail, '1 of 3 beacons were not accepted')
    const detail = 'load: expected min_value >=0'
    assert.deepEqual(problem.refused, [{ index: 1, code: 'invalid', detail }])
  }
  const allGood = JSON.stringify(Array.from({ length: 50 }, good))
  assert.equal((await encoded(brotliCompressSync(allGood), 'br')).status, 204)
})

test('a body in a coding that is not spoken here is refused with those that are', async () => {
  const response = await encoded(deflateSync('{}'), 'deflate')
  assert.equal(response.headers.get('accept-encoding'), 'gzip, br')
  await expectProblem(response, 415, 'unsupported-encoding')
  await expectProblem(await encoded(gzipSync('{}'), 'gzip, br'), 415, 'unsupported-encoding')
  await expectProblem(await encoded('{}', 'constructor'), 415, 'unsupported-encoding')
})

test('a body that is not what its coding says is refused', async () => {
  const whole = gzipSync(JSON.stringify(sampleBeacon(site.siteId)))
  for (const [body, coding] of [
    [whole.subarray(0, whole.length - 20), 'gzip'],
    [whole, 'br'],
    [Buffer.from('{}'), 'gzip'],
    [Buffer.alloc(0), 'br'],
  ] as const) {
    await expectProblem(await encoded(new Uint8Array(body), coding), 400, 'malformed')
  }
})

test('a bomb ends where the limit is, and costs the server no memory to speak of', async () => {
  const before = await counted('too-large')
  const zeros = Buffer.alloc(128 * 1024 * 1024)
  const bombs = [
    [gzipSync(zeros), 'gzip'],
    [brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }), 'br'],
    // Within the limit, but by a ratio that no beacon has.
    [gzipSync(Buffer.alloc(200 * 1024, ' ')), 'gzip'],
  ] as const
  const size = await heldMemory(server)
  for (let round = 0; round < 20; round++) {
    const responses = await Promise.all(bombs.map(([bomb, coding]) => encoded(new Uint8Array(bomb), coding)))
    for (const response of responses) await expectProblem(response, 413, 'too-large')
  }
  const grown = (await heldMemory(server)) - size
  assert.ok(grown < 64 * 1024 * 1024, `${grown} bytes more`)
  assert.equal(await counted('too-large'), before + 60)
})

test('a beacon that breaks off is not answered and leaves the server as it was', async () => {
  const accepted = await counted('accepted')
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname)
  socket.write(
    `POST /v1/beacon HTTP/1.1\r\nHost: x\r\nOrigin: ${origin}\r\nContent-Length: 900\r\n\r\n{"version"`,
  )
  socket.end()
  let answer = ''
  for await (const part of socket) answer += String(part)
  assert.doesNotMatch(answer, /^HTTP\/1\.1 204/)
  assert.equal(await counted('accepted'), accepted)
})

describe('an event is refused', () => {
  const body = JSON.stringify({
    type: 'post.published',
    timestamp: new Date().toISOString(),
    data: { post: '1', url: `${origin}/hello/` },
  })
  const post = (headers: Readonly<Record<string, string>>, content = body, id = site.siteId) =>
    fetch(`${server.url}/v1/sites/${id}/events`, { method: 'POST', headers, body: content })

  function signed(content: string, secret = site.webhookSecret, at = Date.now()): Record<string, string> {
    const id = `msg_${randomUUID()}`
    const timestamp = String(Math.floor(at / 1000))
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
    const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${content}`).digest('base64')
    return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
  }

  test('without a signature', async () => expectProblem(await post({}), 401, 'bad-signature'))
  test('signed with another key', async () => {
    const forged = signed(body, `whsec_${Buffer.alloc(32).toString('base64')}`)
    await expectProblem(await post(forged), 401, 'bad-signature')
  })
  test('whose body was changed', async () =>
    expectProblem(await post(signed(body), body.replace('hello', 'other')), 401))
  test('that is an hour old', async () => {
    await expectProblem(await post(signed(body, site.webhookSecret, Date.now() - 3_600_000)), 401, 'stale')
  })
  test('of a site nobody added', async () =>
    expectProblem(await post(signed(body), body, 'zzzzzzzzzzzzzzzz'), 404, 'unknown-site'))
  test('about an address that is not on the site', async () => {
    const foreign = body.replace(origin, 'http://169.254.169.254')
    await expectProblem(await post(signed(foreign), foreign), 400)
  })
  test('that is signed and no event', async () =>
    expectProblem(await post(signed('{"type":1}'), '{"type":1}'), 400))
  test('and a good one is accepted, once, however often it comes', async () => {
    const headers = signed(body)
    assert.equal((await post(headers)).status, 202)
    assert.equal((await post(headers)).status, 202)
  })
})

describe('other doors', () => {
  const ticket = (query: string, from?: string) =>
    fetch(`${server.url}/v1/ticket?${query}`, from === undefined ? {} : { headers: { origin: from } })

  test('no ticket for a page elsewhere', async () => {
    await expectProblem(
      await ticket(`site=${site.siteId}&post=1`, 'https://evil.example'),
      403,
      'wrong-origin',
    )
  })
  test('no ticket without an origin', async () =>
    expectProblem(await ticket(`site=${site.siteId}&post=1`), 403))
  test('a ticket for the seed of a site, none for that of another or for who shows the operator token', async () => {
    const operator = await server.token()
    const withToken = (token: string) =>
      fetch(`${server.url}/v1/ticket?site=${site.siteId}&post=none`, {
        headers: { authorization: `Bearer ${token}` },
      })
    // Let in: only the post is missing.
    const other = await addSite(server, 'http://127.0.0.1:8081/')
    await expectProblem(await withToken(await makeSeedToken(server, site.siteId)), 404, 'unknown-post')
    await expectProblem(await withToken(await makeSeedToken(server, other.siteId)), 403, 'wrong-origin')
    await expectProblem(await withToken(operator), 403, 'wrong-origin')
  })
  test('no ticket for a post that is not published', async () => {
    await expectProblem(await ticket(`site=${site.siteId}&post=none`, origin), 404, 'unknown-post')
  })
  test('no ticket for nonsense', async () => expectProblem(await ticket('site[]=1&post=../..', origin), 400))
  for (const asset of ['..%2f..%2foperator-token', 'a'.repeat(64), 'A'.repeat(64), '%00']) {
    test(`no file at /v1/mirror/${asset.slice(0, 24)}`, async () => {
      const response = await fetch(`${server.url}/v1/mirror/${asset}`)
      assert.ok(response.status === 404 || response.status === 400)
      await expectProblem(response, response.status)
    })
  }
  test('an address that is none', async () =>
    expectProblem(await fetch(`${server.url}/v2/everything`), 404, 'not-found'))
  test('a code that nobody gave', async () => {
    const response = await fetch(`${server.url}/v1/connect`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code: 'x', verifier: 'v'.repeat(43) }),
    })
    await expectProblem(response, 403, 'bad-code')
  })
  test('the connect form with a wrong operator token', async () => {
    const response = await fetch(`${server.url}/connect`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({
        url: `${origin}/`,
        return: `${origin}/back`,
        state: 'state-state',
        challenge: 'c'.repeat(43),
        consent: 'assumed',
        private: 'yes',
        token: '0'.repeat(64),
      }),
    })
    assert.equal(response.status, 403)
    assert.equal(response.headers.get('location'), null)
  })
  test('a mutation by somebody who is not the operator', async () => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify({
        query:
          'mutation { siteAdd(input: { url: "http://x.example/", consent: ASSUMED, allowPrivateAddresses: false }) { webhookSecret } }',
      }),
    })
    assert.ok(response.status === 401 || response.status === 403)
  })
  test('a WebSocket elsewhere', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/v1/elsewhere`)
    await new Promise((resolve) => socket.addEventListener('error', resolve, { once: true }))
  })
  test('tracker messages out of order are answered with an error and counted', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/v1/tracker`)
    await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }))
    const answer = new Promise<string>((resolve) => {
      socket.addEventListener('message', ({ data }) => resolve(String(data)), { once: true })
    })
    socket.send('{"type":"want","peers":3}')
    assert.equal(JSON.parse(await answer).code, 'not-joined')
    socket.close()
    await eventually('the count', async () => ((await counted('not-joined')) > 0 ? true : undefined))
  })
})
