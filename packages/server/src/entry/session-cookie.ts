import type { IncomingMessage, ServerResponse } from 'node:http'
import type { BegunSession, SignInClient } from '@peerpress/accounts'

/** Browsers accept the prefix only for the host itself, over TLS or on this machine, so no other host can set it. */
const sessionName = '__Host-peerpress'
/** The browser of a person who signed in: it stays after the session. */
const browserName = '__Host-peerpress-browser'
const attributes = 'Path=/; Secure; HttpOnly; SameSite=Lax'
/** seconds, as long as a session. */
const sessionAge = 30 * 86_400
/** seconds, as long as browsers keep a cookie at most (RFC 6265bis, 5.6.1: 400 days). */
const browserAge = 400 * 86_400

/** Returns the token of a request's session, or null. */
export function sessionIn(request: IncomingMessage): string | null {
  return cookieIn(request, sessionName)
}

/** Returns what a browser sends of earlier sign-ins. */
export function cookiesIn(request: IncomingMessage): Pick<SignInClient, 'session' | 'browser'> {
  return { session: sessionIn(request), browser: cookieIn(request, browserName) }
}

export function setCookies(
  response: ServerResponse,
  { token, browser }: Pick<BegunSession, 'token' | 'browser'>,
): void {
  response.appendHeader('Set-Cookie', `${sessionName}=${token}; ${attributes}; Max-Age=${sessionAge}`)
  response.appendHeader('Set-Cookie', `${browserName}=${browser}; ${attributes}; Max-Age=${browserAge}`)
}

export function clearSession(response: ServerResponse): void {
  response.appendHeader('Set-Cookie', `${sessionName}=; ${attributes}; Max-Age=0`)
}

function cookieIn({ headers }: IncomingMessage, wanted: string): string | null {
  for (const pair of (headers.cookie ?? '').split(';')) {
    const [key, value] = pair.trim().split('=', 2)
    if (key === wanted) return value ?? null
  }
  return null
}

/** The cookie of a challenge: of a passkey, or of a sign-in at an identity provider, which sends the browser back (Lax). */
const challengeName = '__Host-peerpress-challenge'
/** seconds, as long as a challenge. */
const challengeMaxAge = 600

/** Returns the token of a request's challenge, or null. */
export function challengeIn(request: IncomingMessage): string | null {
  return cookieIn(request, challengeName)
}

export function setChallenge(response: ServerResponse, token: string): void {
  response.appendHeader('Set-Cookie', `${challengeName}=${token}; ${attributes}; Max-Age=${challengeMaxAge}`)
}

export function clearChallenge(response: ServerResponse): void {
  response.appendHeader('Set-Cookie', `${challengeName}=; ${attributes}; Max-Age=0`)
}
