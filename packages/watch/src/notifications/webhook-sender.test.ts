import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { suite, test, type TestContext } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { createWebhookSender, type WebhookMessage, type WebhookSenderOptions } from './webhook-sender.ts'

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const notification: WebhookMessage['notification'] = {
  id: '6f1c0c62-8f0e-4f43-a6f0-0d2b7d1a4c11',
  type: 'opened',
  createdAt: new Date('2026-05-04T12:00:00Z'),
  content: {
    site: { id: 'abcdefgh01234567', url: 'https://blog.example/' },
    incident: {
      id: '8d3f64a5-5a6b-4d5e-9a4f-6a8f4a1f9b10',
      symptom: 'origin-down',
      severity: 'page',
      summary: 'The site does not answer.',
      since: '2026-05-04T11:57:00.000Z',
      openedAt: '2026-05-04T12:00:00.000Z',
      resolvedAt: null,
    },
    text: 'The site does not answer.',
  },
}
const alerts = 'https://peerpress.example/sites/abcdefgh01234567/alerts'
const never = new AbortController().signal

async function startHook(
  t: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
}

async function sendTo(
  t: TestContext,
  url: string,
  options: WebhookSenderOptions & { readonly allowPrivateAddresses?: boolean } = {},
): Promise<void> {
  const { allowPrivateAddresses = true, ...rest } = options
  const sender = createWebhookSender(rest)
  t.after(() => sender.close())
  await sender.send({ url, secret, notification, page: alerts, allowPrivateAddresses }, never)
}

suite('the sender of webhooks', { timeout: 60_000 }, () => {
  test('sends a message that a Standard Webhooks library verifies', async (t) => {
    const requests: { readonly body: string; readonly headers: IncomingMessage['headers'] }[] = []
    const url = await startHook(t, (request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.once('end', () => {
        requests.push({ body: Buffer.concat(parts).toString(), headers: request.headers })
        response.writeHead(204).end()
      })
    })
    await sendTo(t, url)
    const [received] = requests
    assert.ok(received)
    assert.equal(received.headers['webhook-id'], notification.id)
    const payload = new Webhook(secret).verify(received.body, received.headers as Record<string, string>)
    assert.deepEqual(payload, {
      type: 'incident.opened',
      timestamp: '2026-05-04T12:00:00.000Z',
      data: { ...notification.content, url: alerts },
    })
  })

  test('does not follow a redirect', async (t) => {
    let followed = false
    const url = await startHook(t, ({ url: path }, response) => {
      followed ||= path === '/internal'
      response.writeHead(307, { location: '/internal' }).end()
    })
    await assert.rejects(sendTo(t, url), {
      code: 'webhook',
      isFinal: false,
      message: /redirects \(status 307\)/,
    })
    assert.equal(followed, false)
  })

  for (const [status, isFinal] of [
    [500, false],
    [404, false],
    [410, true],
  ] as const) {
    test(`status ${status} ${isFinal ? 'gives the message up' : 'is tried again'}`, async (t) => {
      const url = await startHook(t, (_request, response) => response.writeHead(status).end())
      await assert.rejects(sendTo(t, url), { code: 'webhook', isFinal, message: new RegExp(`${status}`) })
    })
  }

  test('does not read an answer that never ends', async (t) => {
    const closed = Promise.withResolvers<void>()
    const url = await startHook(t, (request, response) => {
      request.resume()
      response.writeHead(200)
      const more = () => {
        if (response.write(Buffer.alloc(64 * 1024))) setImmediate(more)
        else response.once('drain', more)
      }
      response.on('error', () => undefined).on('close', () => closed.resolve())
      more()
    })
    await sendTo(t, url)
    await closed.promise
  })

  test('gives up a webhook that does not answer, and one with endless headers', async (t) => {
    const silent = await startHook(t, (request) => request.resume())
    await assert.rejects(sendTo(t, silent, { totalTime: 100 }), { code: 'webhook', message: /in time/ })
    const long = await startHook(t, (_request, response) =>
      response.writeHead(200, { 'x-long': 'x'.repeat(40_000) }).end(),
    )
    await assert.rejects(sendTo(t, long), { code: 'webhook' })
  })

  test('connects to no private address, by number or by name', async (t) => {
    let isReached = false
    const url = await startHook(t, (_request, response) => {
      isReached = true
      response.end()
    })
    const port = new URL(url).port
    const refusal = { code: 'private-address', isFinal: false }
    for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '2130706433']) {
      await assert.rejects(sendTo(t, `http://${host}:${port}/`, { allowPrivateAddresses: false }), refusal)
    }
    // A public name whose owner points it to this machine.
    const rebound = sendTo(t, `http://hooks.example:${port}/`, {
      allowPrivateAddresses: false,
      resolveAll: (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
    })
    await assert.rejects(rebound, refusal)
    assert.equal(isReached, false)
  })
})
