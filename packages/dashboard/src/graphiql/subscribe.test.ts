import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { isSubscription, subscribe } from './subscribe.ts'

const query = 'subscription { draftProgress(ids: ["x"]) { status } }'

/** Subscribes to a server. The answers that the editor shows are JSON. */
async function openSubscription(
  t: TestContext,
  answer: (response: ServerResponse, request: IncomingMessage) => unknown,
) {
  const server = createServer((request, response) => answer(response, request))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const shown: string[] = []
  const [first, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
  const subscription = subscribe(
    url,
    { query },
    { headers: { authorization: 'Bearer t', Accept: 'text/html' } },
  )
  const { unsubscribe } = subscription.subscribe({
    next: (value) => {
      shown.push(JSON.stringify(value))
      first.resolve()
    },
    error: ended.reject,
    complete: ended.resolve,
  })
  return { shown, first: first.promise, ended: ended.promise, unsubscribe }
}

const begin = (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
  response.write(':\n\nevent: next\ndata: {"data":{"a":1}}\n\n')
}

test('the last state of a stream that breaks off stays beside the reason', async (t) => {
  const { shown, ended } = await openSubscription(t, (response, { headers }) => {
    assert.deepEqual([headers.accept, headers.authorization], ['text/event-stream', 'Bearer t'])
    begin(response)
    response.end()
  })
  await ended
  assert.equal(shown[0], '{"data":{"a":1}}')
  assert.match(shown[1] ?? '', /^\{"data":\{"a":1\},"errors":\[\{"message":"The stream broke off\. Run/)
  assert.equal(shown.length, 2)
})

test('a stream that the server ends has no error', async (t) => {
  const { shown, ended } = await openSubscription(t, (response) => {
    begin(response)
    response.end('event: complete\ndata:\n\n')
  })
  await ended
  assert.deepEqual(shown, ['{"data":{"a":1}}'])
})

test('an answer that is no stream is shown with its status', async (t) => {
  const { shown, ended } = await openSubscription(t, (response) => {
    response.writeHead(503, { 'content-type': 'application/problem+json' })
    response.end('{"code":"role-unavailable"}')
  })
  await ended
  assert.equal(shown.length, 1)
  assert.match(shown[0] ?? '', /The server answered 503 in place of a stream: .*role-unavailable/)
})

test('a stop closes the connection, and shows nothing more', async (t) => {
  const closed = Promise.withResolvers<void>()
  const { shown, first, unsubscribe } = await openSubscription(t, (response) => {
    response.on('close', closed.resolve)
    begin(response)
  })
  await first
  unsubscribe()
  await closed.promise
  assert.deepEqual(shown, ['{"data":{"a":1}}'])
})

test('a subscription is known by the operation that runs', () => {
  const both = `query A { me { name } } subscription B { draftProgress(ids: []) { status } }`
  for (const [text, operationName, expected] of [
    [query, undefined, true],
    ['{ me { name } }', undefined, false],
    [both, 'A', false],
    [both, 'B', true],
    [both, undefined, false],
    ['subscription {', undefined, false],
  ] as const) {
    assert.equal(isSubscription({ query: text, ...(operationName && { operationName }) }), expected, text)
  }
})
