import { createHash, createVerify, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { GoogleEndpoints } from './google-request.ts'

/** A question to the server's Search Analytics. */
export interface AskedQuery {
  readonly property: string
  readonly startDate: string
  readonly endDate: string
  readonly dimensions: readonly string[]
  readonly startRow: number
  readonly rowLimit: number
}

export interface GoogleRow {
  readonly keys: readonly string[]
  readonly clicks: number
  readonly impressions: number
  readonly ctr: number
  readonly position: number
}

/** A server on loopback that speaks Google's documented protocol: consents, tokens, properties and Search Analytics. */
export interface GoogleServer {
  readonly endpoints: GoogleEndpoints
  readonly client: { readonly id: string; readonly secret: string }
  /** The key file of the service account that the server knows. */
  readonly keyFile: string
  /** Queries that were answered, in their order. */
  readonly queries: AskedQuery[]
  /** Properties of the account, and its permission. */
  readonly properties: Map<string, string>
  /** Returns the rows of a day by dimension. Without rows the day has no figures. */
  rows: (day: string, dimension: string) => readonly GoogleRow[]
  /** Days whose figures are not final. */
  firstIncomplete: string | null
  /** Answers a request in its own way, and returns true; false leaves it to the server. */
  intercept: (request: IncomingMessage, response: ServerResponse, body: string) => boolean
  /** Consents as a person does who opens the address. Returns where the browser goes. */
  consent(url: string, given?: { readonly scope?: string }): URL
  /** Ends all consents and keys. */
  revokeAll(): void
  close(): Promise<void>
}

const readonlyScope = 'https://www.googleapis.com/auth/webmasters.readonly'

export async function startGoogle(port = 0): Promise<GoogleServer> {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const email = 'reports@project.iam.example'
  const codes = new Map<
    string,
    { readonly challenge: string; readonly redirect: string; readonly scope: string }
  >()
  const refreshTokens = new Set<string>()
  const accessTokens = new Set<string>()
  let keyIsValid = true
  let drawn = 0
  const draw = (kind: string) => `${kind}-${++drawn}`
  const access = () => {
    const token = draw('access')
    accessTokens.add(token)
    return token
  }
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const body = Buffer.concat(parts).toString()
      if (google.intercept(request, response, body)) return
      const { status, answer } = answerTo(request, body)
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = { id: 'client.apps.example', secret: 'client-secret' }

  const answerTo = (request: IncomingMessage, body: string) => {
    const path = request.url ?? ''
    if (path === '/token') return tokenFor(new URLSearchParams(body))
    if (path === '/revoke') {
      refreshTokens.delete(new URLSearchParams(body).get('token') ?? '')
      return { status: 200, answer: {} }
    }
    if (!accessTokens.has((request.headers.authorization ?? '').replace('Bearer ', ''))) {
      return errorOf(401, 'authError', 'Invalid Credentials')
    }
    if (path === '/webmasters/v3/sites') {
      const siteEntry = [...google.properties].map(([siteUrl, permissionLevel]) => ({
        siteUrl,
        permissionLevel,
      }))
      return { status: 200, answer: siteEntry.length === 0 ? {} : { siteEntry } }
    }
    const [, name = ''] = /^\/webmasters\/v3\/sites\/([^/]+)\/searchAnalytics\/query$/.exec(path) ?? []
    const property = decodeURIComponent(name)
    const permission = google.properties.get(property)
    if (permission === undefined || permission === 'siteUnverifiedUser') {
      return errorOf(403, 'forbidden', `User does not have sufficient permission for site '${property}'.`)
    }
    const query = { startRow: 0, rowLimit: 1000, ...(JSON.parse(body) as object), property } as AskedQuery
    google.queries.push(query)
    return { status: 200, answer: answerOfQuery(query) }
  }
  const tokenFor = (form: URLSearchParams) => {
    const refuse = (error: string, text: string) => ({
      status: 400,
      answer: { error, error_description: text },
    })
    if (form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:jwt-bearer') {
      const [head = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.')
      const isSigned = createVerify('RSA-SHA256')
        .update(`${head}.${claims}`)
        .verify(pair.publicKey, signature, 'base64url')
      const { iss, aud, scope, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<
        string,
        unknown
      >
      const isValid = isSigned && iss === email && aud === `${origin}/token` && scope === readonlyScope
      if (!isValid || !keyIsValid || !(Number(exp) > 0))
        return refuse('invalid_grant', 'Invalid JWT Signature.')
      return { status: 200, answer: { access_token: access(), expires_in: 3599, token_type: 'Bearer' } }
    }
    if (form.get('client_id') !== client.id || form.get('client_secret') !== client.secret) {
      return { status: 401, answer: { error: 'invalid_client', error_description: 'Unauthorized' } }
    }
    if (form.get('grant_type') === 'refresh_token') {
      if (!refreshTokens.has(form.get('refresh_token') ?? '')) {
        return refuse('invalid_grant', 'Token has been expired or revoked.')
      }
      return { status: 200, answer: { access_token: access(), expires_in: 3599, token_type: 'Bearer' } }
    }
    const code = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (code === undefined || code.challenge !== challenge || code.redirect !== form.get('redirect_uri')) {
      return refuse('invalid_grant', 'Bad Request')
    }
    const token = draw('refresh')
    refreshTokens.add(token)
    return {
      status: 200,
      answer: {
        access_token: access(),
        refresh_token: token,
        scope: code.scope,
        expires_in: 3599,
        token_type: 'Bearer',
      },
    }
  }
  const answerOfQuery = ({ startDate, endDate, dimensions, startRow, rowLimit }: AskedQuery) => {
    const [dimension = ''] = dimensions
    if (dimension === 'date') {
      const rows: GoogleRow[] = []
      for (let day = startDate; day <= endDate; day = nextDay(day)) {
        rows.push(...google.rows(day, 'date').map((row) => ({ ...row, keys: [day] })))
      }
      const metadata =
        google.firstIncomplete === null ? {} : { first_incomplete_date: google.firstIncomplete }
      return { rows, responseAggregationType: 'byProperty', metadata }
    }
    const rows = google.rows(startDate, dimension).slice(startRow, startRow + rowLimit)
    return rows.length === 0
      ? { responseAggregationType: 'byProperty' }
      : { rows, responseAggregationType: 'byProperty' }
  }

  const google: GoogleServer = {
    endpoints: {
      authorize: `${origin}/authorize`,
      token: `${origin}/token`,
      revoke: `${origin}/revoke`,
      api: `${origin}/webmasters/v3`,
    },
    client,
    keyFile: JSON.stringify({
      type: 'service_account',
      client_email: email,
      private_key_id: 'key-1',
      private_key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }),
      // A hostile file would send the signature elsewhere.
      token_uri: 'http://127.0.0.1:9/steal',
    }),
    queries: [],
    properties: new Map(),
    rows: () => [],
    firstIncomplete: null,
    intercept: () => false,
    consent: (url, { scope = readonlyScope } = {}) => {
      const asked = new URL(url).searchParams
      const code = draw('code')
      const redirect = asked.get('redirect_uri') ?? ''
      if (asked.get('code_challenge_method') !== 'S256') throw new Error('the consent has no challenge')
      codes.set(code, { challenge: asked.get('code_challenge') ?? '', redirect, scope })
      const target = new URL(redirect)
      target.searchParams.set('code', code)
      target.searchParams.set('state', asked.get('state') ?? '')
      return target
    },
    revokeAll: () => {
      refreshTokens.clear()
      accessTokens.clear()
      keyIsValid = false
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return google
}

/** Returns an error as Google's API answers it. */
export function errorOf(status: number, reason: string, message: string) {
  const errors = [{ message, domain: 'global', reason }]
  return { status, answer: { error: { code: status, message, errors } } }
}

/** Returns a row of Search Analytics. */
export function googleRow(key: string, clicks: number, impressions: number, position = 5): GoogleRow {
  return { keys: [key], clicks, impressions, ctr: impressions === 0 ? 0 : clicks / impressions, position }
}

function nextDay(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10)
}
