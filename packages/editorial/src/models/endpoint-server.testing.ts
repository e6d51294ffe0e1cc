import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What an endpoint got. */
export interface ReceivedCall {
  readonly authorization: string | undefined
  // oxlint-disable-next-line typescript/no-explicit-any -- the wire format is what the tests look at
  readonly body: any
}

export type Answer = (response: ServerResponse, call: ReceivedCall, count: number) => void

/** A server that speaks the wire format of OpenAI's chat completions. */
export interface EndpointServer {
  readonly baseUrl: string
  readonly calls: readonly ReceivedCall[]
  close(): Promise<void>
}

export async function startEndpoint(answer: Answer): Promise<EndpointServer> {
  const calls: ReceivedCall[] = []
  const server = createServer((request, response) => {
    response.on('error', () => undefined)
    readBody(request)
      .then((body) => {
        const call = { authorization: request.headers.authorization, body }
        calls.push(call)
        return answer(response, call, calls.length)
      })
      .catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    calls,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = []
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part)
  return parts.length === 0 ? null : JSON.parse(Buffer.concat(parts).toString())
}

/** Begins a stream. */
export function beginStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
}

/** Sends a part of the text. */
export function sendText(response: ServerResponse, text: string): boolean {
  return response.write(chunk({ choices: [{ index: 0, delta: { content: text }, finish_reason: null }] }))
}

/** Sends an error in a stream, and ends it. */
export function sendError(response: ServerResponse, error: object): void {
  response.end(`data: ${JSON.stringify({ error })}\n\n`)
}

/** Streams a text in parts, with the use of tokens at its end. */
export function streamText(
  response: ServerResponse,
  text: string,
  usage = { input: 700, output: 300 },
): void {
  beginStream(response)
  const size = Math.ceil(text.length / 7)
  for (let start = 0; start < text.length; start += size) sendText(response, text.slice(start, start + size))
  response.write(chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }))
  response.write(
    chunk({
      choices: [],
      usage: {
        prompt_tokens: usage.input,
        completion_tokens: usage.output,
        total_tokens: usage.input + usage.output,
      },
    }),
  )
  response.end('data: [DONE]\n\n')
}

function chunk(content: object): string {
  const head = { id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'small' }
  return `data: ${JSON.stringify({ ...head, ...content })}\n\n`
}
