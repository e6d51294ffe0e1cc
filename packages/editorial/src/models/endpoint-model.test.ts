import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { draftJsonSchema } from '../drafts/draft-content.ts'
import { type EndpointLimits, endpointLimits } from './endpoint-fetch.ts'
import { createEndpointModel } from './endpoint-model.ts'
import {
  type Answer,
  beginStream,
  type EndpointServer,
  sendError,
  sendText,
  startEndpoint,
  streamText,
} from './endpoint-server.testing.ts'
import { ModelError, type ModelErrorCode } from './model-error.ts'
import type { TextAnswer } from './text-model.ts'

const servers: EndpointServer[] = []
after(() => Promise.all(servers.map((server) => server.close())))

async function serve(answer: Answer): Promise<EndpointServer> {
  const server = await startEndpoint(answer)
  servers.push(server)
  return server
}

interface Given {
  readonly limits?: Partial<EndpointLimits>
  readonly allowPrivateAddresses?: boolean
  readonly signal?: AbortSignal
  readonly onText?: (text: string) => void
  readonly resolveAll?: Parameters<typeof createEndpointModel>[0]['resolveAll']
}

async function call(baseUrl: string, given: Given = {}): Promise<TextAnswer> {
  const model = createEndpointModel({
    baseUrl,
    name: 'small',
    key: 'sk-test-key',
    allowPrivateAddresses: given.allowPrivateAddresses ?? true,
    limits: { ...endpointLimits, ...given.limits },
    resolveAll: given.resolveAll,
  })
  try {
    return await model.write({
      instructions: 'Write.',
      prompt: '{}',
      schema: draftJsonSchema,
      maxOutputTokens: 50,
      signal: given.signal ?? new AbortController().signal,
      onText: given.onText ?? (() => undefined),
    })
  } finally {
    await model.close()
  }
}

async function failsWith(code: ModelErrorCode, answer: Answer, given?: Given): Promise<ModelError> {
  const { baseUrl } = await serve(answer)
  const error = await call(baseUrl, given).then(
    () => assert.fail('the call succeeded'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof ModelError, String(error))
  assert.equal(error.code, code, error.message)
  assert.doesNotMatch(error.message, /sk-test-key/)
  return error
}

describe('a call of an endpoint', () => {
  test('streams the text and its use of tokens, and sends key, schema and limit', async () => {
    const parts: string[] = []
    const server = await serve((response) => streamText(response, '{"title":"Brot – 4 €"}'))
    const answer = await call(server.baseUrl, { onText: (text) => parts.push(text) })
    assert.deepEqual(answer, { text: '{"title":"Brot – 4 €"}', usage: { input: 700, output: 300 } })
    assert.ok(parts.length > 3)
    assert.equal(parts.join(''), answer.text)
    const [got] = server.calls
    assert.equal(got?.authorization, 'Bearer sk-test-key')
    assert.equal(got.body.stream, true)
    assert.equal(got.body.max_tokens, 50)
    assert.equal(got.body.model, 'small')
    assert.deepEqual(got.body.stream_options, { include_usage: true })
    assert.equal(got.body.response_format.type, 'json_schema')
    assert.deepEqual(got.body.response_format.json_schema.schema.required, [
      'title',
      'description',
      'sections',
    ])
  })

  test('returns no use of tokens if the endpoint reports none, or nonsense', async () => {
    for (const usage of [
      { input: -5, output: 1 },
      { input: 1e15, output: 1 },
      { input: 0.5, output: 1 },
    ]) {
      const { baseUrl } = await serve((response) => streamText(response, '{}', usage))
      assert.equal((await call(baseUrl)).usage, null)
    }
  })

  test('returns text that ignores the schema as it is', async () => {
    const { baseUrl } = await serve((response) => streamText(response, 'Sure! Here is your article.'))
    assert.equal((await call(baseUrl)).text, 'Sure! Here is your article.')
  })

  test('fails on 429 with the pause that the endpoint asks for', async () => {
    const seconds = await failsWith('rate-limited', (response) => {
      response.writeHead(429, { 'retry-after': '7', 'content-type': 'application/json' }).end('{}')
    })
    assert.deepEqual([seconds.retryAfter, seconds.isPassing, seconds.isUnused], [7000, true, true])
    const date = await failsWith('rate-limited', (response) => {
      response.writeHead(429, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() }).end()
    })
    assert.ok((date.retryAfter ?? 0) > 50_000 && (date.retryAfter ?? 0) <= 60_000)
    const none = await failsWith('rate-limited', (response) => {
      response.writeHead(429, { 'retry-after': 'soon' }).end()
    })
    assert.equal(none.retryAfter, null)
  })

  test('fails on a refused key, an error of the endpoint and an unknown model, and repeats nothing of their bodies', async () => {
    for (const [status, code] of [
      [401, 'unauthorized'],
      [403, 'unauthorized'],
      [404, 'refused'],
      [400, 'refused'],
      [500, 'unavailable'],
      [503, 'unavailable'],
    ] as const) {
      const error = await failsWith(code, (response) => {
        response.writeHead(status, { 'content-type': 'application/json' })
        response.end('{"error":{"message":"bad key sk-test-key"}}')
      })
      assert.doesNotMatch(error.message, /bad key/)
    }
  })

  test('fails on a web page, and on an endless one', async () => {
    await failsWith('not-an-endpoint', (response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Sign in</p>')
    })
    await failsWith('not-an-endpoint', (response) => {
      response.writeHead(200, { 'content-type': 'text/html' })
      endless(() => response.write('<p>more'), response)
    })
  })

  test('fails on a stream that is cut, in the middle of a part or between two', async () => {
    await failsWith('cut-off', (response) => {
      beginStream(response)
      sendText(response, '{"title":')
      response.write('data: {"id":"c1","choi', () => response.socket?.destroy())
    })
    await failsWith('cut-off', (response) => {
      beginStream(response)
      sendText(response, '{"title":')
      response.end()
    })
  })

  test('fails with the reason that an endpoint sends in the middle, and knows whether it used tokens', async () => {
    for (const [error, code, isUnused] of [
      [{ code: 'invalid_api_key', type: 'invalid_request_error' }, 'unauthorized', true],
      [{ code: 401 }, 'unauthorized', true],
      [{ type: 'authentication_error', code: null }, 'unauthorized', true],
      [{ code: 'rate_limit_exceeded' }, 'rate-limited', true],
      [{ type: 'overloaded_error' }, 'rate-limited', true],
      [{ type: 'server_error' }, 'unavailable', false],
      [{}, 'unavailable', false],
    ] as const) {
      const sent = { message: 'the key sk-test-key has expired', ...error }
      const early = await failsWith(code, (response) => {
        beginStream(response)
        sendError(response, sent)
      })
      assert.equal(early.isUnused, isUnused, JSON.stringify(error))
      const late = await failsWith(code, (response) => {
        beginStream(response)
        sendText(response, '{"title":')
        sendError(response, sent)
      })
      assert.equal(late.isUnused, false, JSON.stringify(error))
    }
  })

  test('fails on a stream that is no JSON', async () => {
    await failsWith('cut-off', (response) => {
      beginStream(response)
      response.end('data: {not json}\n\n')
    })
  })

  test('fails on an answer that never ends, after the tokens that were asked for', async () => {
    let sent = 0
    await failsWith('endless', (response) => {
      beginStream(response)
      endless(() => {
        sent += 100
        return sendText(response, 'x'.repeat(100))
      }, response)
    })
    assert.ok(sent < 4_000_000)
  })

  test('fails on endless framing without text, after its bytes', async () => {
    const limits = { maxBody: 64 * 1024 }
    const never: Answer = (response) => {
      beginStream(response)
      endless(() => response.write(': keep-alive\n\n'), response)
    }
    await failsWith('endless', never, { limits })
  })

  test('fails on silence: without headers, and in the middle', async () => {
    await failsWith('unreachable', () => undefined, { limits: { headersTimeout: 200 } })
    const silent: Answer = (response) => {
      beginStream(response)
      sendText(response, '{')
    }
    await failsWith('endless', silent, { limits: { silence: 200 } })
    await failsWith('endless', silent, { limits: { timeout: 300 } })
  })

  test('follows no redirect, so that neither a private address nor another host gets the key', async () => {
    const inside = await serve((response) => streamText(response, '{}'))
    for (const status of [301, 302, 307, 308]) {
      await failsWith('redirected', (response) => {
        response.writeHead(status, { location: `${inside.baseUrl}/chat/completions` }).end()
      })
    }
    assert.deepEqual(inside.calls, [])
  })

  test('connects to no private address, also if a name resolves to one only when it connects', async () => {
    const server = await serve((response) => streamText(response, '{}'))
    const { port } = new URL(server.baseUrl)
    for (const host of ['127.0.0.1', 'localhost', '[::1]', 'models.example']) {
      const error = await call(`http://${host}:${port}/v1`, {
        allowPrivateAddresses: false,
        resolveAll: (_name, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
      }).then(
        () => assert.fail('the call succeeded'),
        (reason: unknown) => reason,
      )
      assert.ok(error instanceof ModelError)
      assert.equal(error.code, 'private-address', host)
    }
    assert.deepEqual(server.calls, [])
  })

  test('fails where nobody listens', async () => {
    const endpoint = await startEndpoint(() => undefined)
    await endpoint.close()
    await assert.rejects(call(endpoint.baseUrl), { code: 'unreachable' })
  })

  test('ends at once when it is cancelled, with the reason of that', async () => {
    const reason = new Error('cancelled by its owner')
    const cancel = new AbortController()
    const { baseUrl } = await serve((response) => {
      beginStream(response)
      sendText(response, '{')
    })
    const answer = call(baseUrl, { signal: cancel.signal, onText: () => cancel.abort(reason) })
    await assert.rejects(answer, reason)
  })
})

/** Writes again and again, as fast as the client reads, until the connection ends. */
function endless(write: () => boolean, response: Parameters<Answer>[0]): void {
  const timer = setInterval(() => {
    for (let parts = 0; parts < 100 && response.socket?.destroyed === false && write(); parts++);
  }, 1)
  response.on('close', () => clearInterval(timer))
}
