import type { Configuration } from 'openid-client'
import { providerError } from './provider-error.ts'

/** An identity provider of OpenID Connect Core 1.0. */
export interface ProviderSettings {
  /** Its issuer URL; plain HTTP on this machine alone. */
  readonly issuer: string
  readonly clientId: string
  /** Reads the client's secret; null for a public client. It is read again after a restart alone. */
  readonly clientSecret: () => Promise<string | null>
  /** For people, such as the organisation's name. */
  readonly name: string
}

/** What a sign-in at the provider must match, by name. */
export interface ProviderRequest {
  readonly state: string
  readonly nonce: string
  /** PKCE (RFC 7636). */
  readonly verifier: string
  readonly redirect: string
}

/** A person whom the provider has signed in. */
export interface ProviderPerson {
  readonly issuer: string
  readonly subject: string
  /** In lower case; null if it reported none. */
  readonly email: string | null
  readonly isEmailVerified: boolean
  readonly name: string | null
}

export interface IdentityProvider {
  readonly name: string
  /** @throws {AccountError} `provider-failed` */
  begin(redirect: string): Promise<{ readonly url: string; readonly request: ProviderRequest }>
  /**
   * @param answer the query of the address that the provider sent the browser to, with its `?`
   * @throws {AccountError} `provider-failed`, `provider-refused`
   */
  finish(answer: string, request: ProviderRequest): Promise<ProviderPerson>
}

/** ms that the provider's addresses and keys count. */
const configurationLifetime = 3_600_000
/** Seconds that the provider has for an answer. */
const timeout = 10

export function createIdentityProvider(
  settings: ProviderSettings,
  { now }: { readonly now: () => number },
): IdentityProvider {
  let known: { readonly at: number; readonly configuration: Promise<Configuration> } | undefined
  const configured = async (): Promise<Configuration> => {
    if (known === undefined || now() - known.at > configurationLifetime) {
      known = { at: now(), configuration: discover(settings) }
    }
    try {
      return await known.configuration
    } catch (cause) {
      known = undefined
      throw failed(cause)
    }
  }
  return {
    name: settings.name,
    begin: async (redirect) => {
      const configuration = await configured()
      const {
        buildAuthorizationUrl,
        calculatePKCECodeChallenge,
        randomNonce,
        randomPKCECodeVerifier,
        randomState,
      } = await library()
      const request = {
        state: randomState(),
        nonce: randomNonce(),
        verifier: randomPKCECodeVerifier(),
        redirect,
      }
      const url = buildAuthorizationUrl(configuration, {
        redirect_uri: redirect,
        scope: 'openid email profile',
        state: request.state,
        nonce: request.nonce,
        code_challenge: await calculatePKCECodeChallenge(request.verifier),
        code_challenge_method: 'S256',
      })
      return { url: url.href, request }
    },
    finish: async (answer, request) => {
      const configuration = await configured()
      const { authorizationCodeGrant, AuthorizationResponseError, fetchUserInfo } = await library()
      try {
        const tokens = await authorizationCodeGrant(configuration, new URL(answer, request.redirect), {
          expectedState: request.state,
          expectedNonce: request.nonce,
          pkceCodeVerifier: request.verifier,
          idTokenExpected: true,
        })
        const claims = tokens.claims()
        if (claims === undefined) throw new Error('the provider sent no ID token')
        const hasEmail = typeof claims['email'] === 'string'
        const info = hasEmail ? claims : await fetchUserInfo(configuration, tokens.access_token, claims.sub)
        return personOf(claims.iss, claims.sub, info)
      } catch (cause) {
        if (cause instanceof AuthorizationResponseError) throw providerError('provider-refused', cause)
        throw failed(cause)
      }
    },
  }
}

/** Most servers have no identity provider. */
function library() {
  return import('openid-client')
}

async function discover({ issuer, clientId, clientSecret }: ProviderSettings): Promise<Configuration> {
  const { allowInsecureRequests, ClientSecretBasic, discovery, None } = await library()
  const secret = await clientSecret()
  const url = new URL(issuer)
  return discovery(url, clientId, {}, secret === null ? None() : ClientSecretBasic(secret), {
    timeout,
    // The settings admit plain HTTP on this machine alone.
    ...(url.protocol === 'http:' && { execute: [allowInsecureRequests] }),
  })
}

function personOf(issuer: string, subject: string, info: Readonly<Record<string, unknown>>): ProviderPerson {
  const { email, email_verified: isEmailVerified, name } = info
  return {
    issuer,
    subject,
    email: typeof email === 'string' ? email.trim().toLowerCase() : null,
    isEmailVerified: isEmailVerified === true,
    name: typeof name === 'string' ? name : null,
  }
}

/** The reason is for the operator: it may name hosts of the private network. */
function failed(cause: unknown) {
  console.error('the identity provider failed:', cause)
  return providerError('provider-failed', cause)
}
