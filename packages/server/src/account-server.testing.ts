import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { type IncomingHttpHeaders, request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from './config/config.ts'
import { type RunningServer, startServer } from './compose.ts'

/** The password of everybody who is let in by `welcome`. */
export const password = 'correct horse battery'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  // oxlint-disable-next-line typescript/no-explicit-any -- the address decides the shape
  readonly json: any
}

type Headers = Readonly<Record<string, string>>

interface Sent {
  readonly method?: string
  readonly headers?: Headers
  readonly body?: string | object
}

/** A server that people sign in to, and requests to it as browsers send them. */
export interface AccountServer {
  readonly server: RunningServer
  /** Its data folder. */
  readonly data: string
  readonly port: number
  /** Origin of its own pages. */
  readonly own: string
  /** Sends a request with headers that fetch would not let a program set. */
  send(path: string, sent?: Sent): Promise<Answer>
  /** Sends JSON as a page of this server does. */
  post(path: string, body: string | object, headers?: Headers): Promise<Answer>
  /** Sends a query as a program does, without an origin. */
  graph(query: string, headers: Headers, variables?: object): Promise<Answer>
  operatorToken(): Promise<string>
  asOperator(): Promise<{ authorization: string }>
  addSite(url: string): Promise<string>
  /** Lets a person in by a link that this mutation of the operator makes. Returns the session's cookie. */
  welcome(
    mutation: string,
    input: { readonly email: string; readonly [name: string]: string },
  ): Promise<string>
  /** Ends it and removes its data. */
  close(): Promise<void>
}

/** The session's cookie that an answer sets, empty without one. */
export function cookieOf({ headers }: Answer): string {
  const session = headers['set-cookie']?.find((cookie) => cookie.startsWith('__Host-peerpress='))
  return session?.split(';')[0] ?? ''
}

/** Starts a server on fresh data with the roles that accounts need, and with these settings. */
export async function startAccountServer(settings: Headers = {}): Promise<AccountServer> {
  const data = await mkdtemp(join(tmpdir(), 'peerpress-accounts-server-'))
  const server = await startServer(
    readConfig({
      PEERPRESS_DATA: data,
      PEERPRESS_PORT: '0',
      PEERPRESS_ROLES: 'collector,publisher,tracker,api',
      ...settings,
    }),
  )
  const port = Number(new URL(server.url).port)
  const own = `http://localhost:${port}`

  const send = (path: string, { method = 'GET', headers = {}, body }: Sent = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const sent = httpRequest({ host: '127.0.0.1', port, path, method, agent: false }, (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () => {
          const text = Buffer.concat(parts).toString()
          const isJson = /json/.test(response.headers['content-type'] ?? '') && text !== ''
          const json: unknown = isJson ? JSON.parse(text) : null
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json })
        })
      })
      sent.on('error', reject)
      for (const [name, value] of Object.entries({ host: `localhost:${port}`, ...headers })) {
        sent.setHeader(name, value)
      }
      sent.end(typeof body === 'object' ? JSON.stringify(body) : body)
    })
  const json = {
    'content-type': 'application/json',
    accept: 'application/graphql-response+json, application/json',
  }
  const post = (path: string, body: string | object, headers: Headers = {}) =>
    send(path, { method: 'POST', headers: { origin: own, ...json, ...headers }, body })
  const graph = (query: string, headers: Headers, variables: object = {}) =>
    send('/graphql', { method: 'POST', headers: { ...json, ...headers }, body: { query, variables } })
  const operatorToken = async () => (await readFile(join(data, 'operator-token'), 'utf8')).trim()
  const asOperator = async () => ({ authorization: `Bearer ${await operatorToken()}` })

  return {
    server,
    data,
    port,
    own,
    send,
    post,
    graph,
    operatorToken,
    asOperator,
    async addSite(url) {
      const query = `mutation($input: SiteAddInput!) { siteAdd(input: $input) { site { siteId } } }`
      const input = { url, consent: 'ASSUMED', allowPrivateAddresses: false }
      const answer = await graph(query, await asOperator(), { input })
      return answer.json.data.siteAdd.site.siteId
    },
    async welcome(mutation, input) {
      const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input!`
      const query = `mutation($input: ${type}) { ${mutation}(input: $input) { link } }`
      const made = await graph(query, await asOperator(), { input })
      const [, token] = made.json.data[mutation].link.split('/welcome#')
      const answer = await post('/account/first', { token, email: input.email, name: 'Person', password })
      assert.equal(answer.status, 200, answer.text)
      return cookieOf(answer)
    },
    async close() {
      await server.close()
      await rm(data, { recursive: true, force: true })
    },
  }
}
