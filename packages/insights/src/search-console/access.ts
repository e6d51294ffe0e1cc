import { createHash, createPrivateKey, createSign, type KeyObject, randomBytes } from 'node:crypto'
import * as v from 'valibot'
import { InsightsError } from '../insights-error.ts'
import { apiErrorOf, oneLine } from './api-error.ts'
import {
  type GoogleAnswer,
  type GoogleEndpoints,
  type GoogleLimits,
  requestGoogle,
} from './google-request.ts'

/** A client that an operator registered at Google. */
export interface GoogleClient {
  readonly id: string
  readonly secret: string
}

/** Reading is all that is asked for. */
const scope = 'https://www.googleapis.com/auth/webmasters.readonly'

/** What requests for tokens need. */
export interface AccessOptions {
  readonly endpoints: GoogleEndpoints
  readonly limits: GoogleLimits
  readonly signal: AbortSignal
}

/** Returns a verifier of 256 random bits, and its challenge (RFC 7636). */
export function drawVerifier(): { readonly verifier: string; readonly challenge: string } {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

/** Returns the address at which a person gives the consent. */
export function consentUrl(
  { authorize }: GoogleEndpoints,
  of: {
    readonly client: GoogleClient
    readonly redirect: string
    readonly state: string
    readonly challenge: string
  },
): string {
  const parameters = {
    client_id: of.client.id,
    redirect_uri: of.redirect,
    response_type: 'code',
    scope,
    // Google sends a refresh token only with both.
    access_type: 'offline',
    prompt: 'consent',
    state: of.state,
    code_challenge: of.challenge,
    code_challenge_method: 'S256',
  }
  return `${authorize}?${new URLSearchParams(parameters).toString()}`
}

const consentSchema = v.object({ refresh_token: v.pipe(v.string(), v.minLength(1)), scope: v.string() })
const tokenSchema = v.object({ access_token: v.pipe(v.string(), v.minLength(1)) })
const refusalSchema = v.object({ error: v.string(), error_description: v.optional(v.string()) })

/**
 * Exchanges the code of a consent for a refresh token.
 * @throws {InsightsError} `bad-consent`, `unreachable`, `quota`
 */
export async function redeemCode(
  options: AccessOptions,
  of: {
    readonly client: GoogleClient
    readonly redirect: string
    readonly code: string
    readonly verifier: string
  },
): Promise<string> {
  const answer = await postForm(options, options.endpoints.token, {
    grant_type: 'authorization_code',
    client_id: of.client.id,
    client_secret: of.client.secret,
    redirect_uri: of.redirect,
    code: of.code,
    code_verifier: of.verifier,
  })
  if (answer.status === 400)
    throw new InsightsError('bad-consent', `Google refused the consent: ${reasonOf(answer)}`)
  if (answer.status !== 200) throw apiErrorOf(answer)
  const consent = v.safeParse(consentSchema, answer.body)
  // People can untick single permissions on Google's page.
  if (!consent.success || !consent.output.scope.split(' ').includes(scope)) {
    throw new InsightsError(
      'bad-consent',
      'The consent has no permission to read Search Console: connect again, and leave it ticked.',
    )
  }
  return consent.output.refresh_token
}

/** @throws {InsightsError} `revoked`, `unreachable`, `quota`, `unexpected` */
export async function refreshedAccess(
  options: AccessOptions,
  of: { readonly client: GoogleClient; readonly refreshToken: string },
): Promise<string> {
  return accessTokenOf(
    await postForm(options, options.endpoints.token, {
      grant_type: 'refresh_token',
      client_id: of.client.id,
      client_secret: of.client.secret,
      refresh_token: of.refreshToken,
    }),
  )
}

/** Asks Google to end a consent. A consent that has ended already is no error. @throws {InsightsError} `unreachable` */
export async function revokeConsent(options: AccessOptions, refreshToken: string): Promise<void> {
  await postForm(options, options.endpoints.revoke, { token: refreshToken })
}

/** The key of a service account. */
export interface ServiceAccountKey {
  readonly email: string
  readonly keyId: string
  readonly key: KeyObject
}

const keySchema = v.object({
  type: v.literal('service_account'),
  client_email: v.pipe(v.string(), v.maxLength(254), v.email()),
  private_key_id: v.pipe(v.string(), v.maxLength(200)),
  private_key: v.pipe(v.string(), v.maxLength(8000)),
})

/** Reads the key file of a service account. Its `token_uri` is not used: the file must not choose who gets a signature. @throws {InsightsError} `bad-key` */
export function readServiceAccountKey(file: string): ServiceAccountKey {
  const refuse = (cause?: unknown) =>
    new InsightsError(
      'bad-key',
      'This is no key of a service account: in Google Cloud open the service account, choose Keys, Add key, JSON, and give that file.',
      { cause },
    )
  const parsed = v.safeParse(v.pipe(v.string(), v.maxLength(16_384), v.parseJson(), keySchema), file)
  if (!parsed.success) throw refuse()
  try {
    const key = createPrivateKey(parsed.output.private_key)
    const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
    if (key.asymmetricKeyType !== 'rsa' || modulusLength < 2048) throw refuse()
    return { email: parsed.output.client_email, keyId: parsed.output.private_key_id, key }
  } catch (cause) {
    throw refuse(cause)
  }
}

/** https://developers.google.com/identity/protocols/oauth2/service-account#httprest @throws {InsightsError} as {@link refreshedAccess} */
export async function serviceAccountAccess(
  options: AccessOptions,
  { email, keyId, key }: ServiceAccountKey,
  now: number,
): Promise<string> {
  const issuedAt = Math.floor(now / 1000)
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { iss: email, scope, aud: options.endpoints.token, iat: issuedAt, exp: issuedAt + 3600 }
  const signed = `${part({ alg: 'RS256', typ: 'JWT', kid: keyId })}.${part(claims)}`
  const assertion = `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`
  const grant = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
  return accessTokenOf(await postForm(options, options.endpoints.token, { grant_type: grant, assertion }))
}

function accessTokenOf(answer: GoogleAnswer): string {
  if (answer.status === 400 || answer.status === 401) {
    throw new InsightsError(
      'revoked',
      `Google does not accept the connection any more: connect again. ${reasonOf(answer)}`,
    )
  }
  if (answer.status !== 200) throw apiErrorOf(answer)
  const token = v.safeParse(tokenSchema, answer.body)
  if (!token.success) throw new InsightsError('unexpected', 'Google’s answer has no access token.')
  return token.output.access_token
}

function reasonOf({ body }: GoogleAnswer): string {
  const refusal = v.safeParse(refusalSchema, body)
  return refusal.success ? oneLine(`${refusal.output.error}. ${refusal.output.error_description ?? ''}`) : ''
}

function postForm({ limits, signal }: AccessOptions, url: string, form: Readonly<Record<string, string>>) {
  return requestGoogle(
    url,
    {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
    },
    { signal, limits },
  )
}
