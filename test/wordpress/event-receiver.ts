import assert from 'node:assert/strict'
import { createHash, createHmac, randomBytes } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface ReceivedEvent {
  /** The `webhook-id`. */
  readonly id: string
  readonly type: string
  readonly post: string
  readonly url: string
  /** What it was answered. */
  readonly status: number
}

/** Stands where a PeerPress server stands, to see what WordPress sends: signatures and PKCE are really checked. */
export interface EventReceiver {
  readonly url: string
  /** Every correctly signed event, in the order they came, refused ones included. */
  readonly events: readonly ReceivedEvent[]
  /** Every correctly signed policy, in the order they came. */
  readonly policies: readonly { readonly mode: string; readonly consent: string }[]
  /** Of each signed message, how many events it carried. */
  readonly messages: readonly number[]
  /** Paths of all requests. */
  readonly requests: readonly string[]
  /** Resolves with the first event that is not in `seen`; rejects after 20 s. */
  readonly next: (seen?: readonly ReceivedEvent[]) => Promise<ReceivedEvent>
  /** What events are answered from now on; `never` leaves them without an answer. */
  readonly answerWith: (status: number | 'never') => void
  readonly forget: () => void
  /** Stops listening and breaks what is open. */
  readonly goDown: () => Promise<void>
  /** Listens again on the same port. */
  readonly comeUp: () => Promise<void>
}

interface BegunConnection {
  readonly challenge: string
  readonly home: string
  readonly mode: string | null
  readonly consent: string | null
}

export async function startEventReceiver(): Promise<EventReceiver> {
  const site = 'abcdefgh12345678'
  const key = randomBytes(32)
  const publicKey = randomBytes(32).toString('base64url')
  const events: ReceivedEvent[] = []
  const requests: string[] = []
  const policies: { mode: string; consent: string }[] = []
  const messages: number[] = []
  const challenges = new Map<string, BegunConnection>()
  const arrivals = new EventEmitter()
  let answer: number | 'never' = 202

  const server = createServer((request, response) => {
    requests.push(request.url!)
    handle(request, response).catch((error: unknown) => {
      response.writeHead(400).end(String(error))
    })
  })
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked = new URL(request.url!, url)
    const body = await text(request)
    if (asked.pathname === '/healthz') {
      response.end('ok\n')
    } else if (asked.pathname === '/connect') {
      const code = randomBytes(16).toString('hex')
      const [mode, consent] = [asked.searchParams.get('mode'), asked.searchParams.get('consent')]
      const home = asked.searchParams.get('url')!
      challenges.set(code, { challenge: asked.searchParams.get('challenge')!, home, mode, consent })
      const back = new URL(asked.searchParams.get('return')!)
      back.searchParams.set('code', code)
      back.searchParams.set('state', asked.searchParams.get('state')!)
      response.writeHead(302, { location: back.href }).end()
    } else if (asked.pathname === '/v1/connect') {
      const { code, verifier } = JSON.parse(body) as { code: string; verifier: string }
      const { challenge, home, ...policy } = challenges.get(code)!
      assert.equal(createHash('sha256').update(verifier).digest('base64url'), challenge)
      // As the server does unless an administrator approved.
      const list = await fetch(`${home}?peerpress=challenge`)
      assert.equal(list.headers.get('content-type'), 'text/plain; charset=utf-8')
      assert.ok((await list.text()).split('\n').includes(challenge))
      const webhookSecret = `whsec_${key.toString('base64')}`
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ site, webhookSecret, publicKey, server: url, ...policy }))
    } else if (asked.pathname === `/v1/sites/${site}/events`) {
      const id = checkSignature(request, body, key)
      const message = JSON.parse(body) as SentEvent | { readonly events: readonly SentEvent[] }
      const batch = 'events' in message ? message.events : [{ ...message, id }]
      const status = answer === 'never' ? 0 : answer
      events.push(...batch.map((event) => ({ id: event.id, type: event.type, ...event.data, status })))
      messages.push(batch.length)
      if (answer !== 'never') {
        const receipt = 'events' in message ? { accepted: batch.length, repeated: 0, refused: [] } : {}
        response.writeHead(answer, { 'content-type': 'application/json' }).end(JSON.stringify(receipt))
      }
      arrivals.emit('event')
    } else if (asked.pathname === `/v1/sites/${site}/policy`) {
      checkSignature(request, body, key)
      const { mode, consent } = JSON.parse(body) as { mode: string; consent: string }
      policies.push({ mode, consent })
      response.writeHead(200, { 'content-type': 'application/json' }).end(body)
    } else {
      response.writeHead(404).end()
    }
  }

  const listen = async (port: number): Promise<void> => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  await listen(0)
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`

  return {
    url,
    events,
    policies,
    requests,
    messages,
    next: async (seen = []) => {
      const signal = AbortSignal.timeout(20_000)
      for (;;) {
        const event = events.find((candidate) => !seen.includes(candidate))
        if (event !== undefined) return event
        await once(arrivals, 'event', { signal })
      }
    },
    answerWith: (status) => {
      answer = status
    },
    forget: () => {
      events.length = 0
      policies.length = 0
      requests.length = 0
      messages.length = 0
      answer = 202
    },
    goDown: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
    comeUp: () => listen(port),
  }
}

interface SentEvent {
  readonly id: string
  readonly type: string
  readonly data: { readonly post: string; readonly url: string }
}

/** By hand, from the text of the Standard Webhooks specification. */
function checkSignature(request: IncomingMessage, body: string, key: Buffer): string {
  const header = (name: string): string => String(request.headers[`webhook-${name}`])
  const signed = `${header('id')}.${header('timestamp')}.${body}`
  const expected = createHmac('sha256', key).update(signed).digest('base64')
  assert.equal(header('signature'), `v1,${expected}`)
  assert.ok(Math.abs(Number(header('timestamp')) - Date.now() / 1000) < 60)
  return header('id')
}
