import { InsightsError } from '../insights-error.ts'

/** Google's addresses. */
export interface GoogleEndpoints {
  /** Where people give their consent. */
  readonly authorize: string
  readonly token: string
  readonly revoke: string
  /** The Search Console API, without a slash at its end. */
  readonly api: string
}

/** https://developers.google.com/identity/protocols/oauth2/web-server and https://developers.google.com/webmaster-tools/v1/how-tos/authorizing */
export const googleEndpoints: GoogleEndpoints = {
  authorize: 'https://accounts.google.com/o/oauth2/v2/auth',
  token: 'https://oauth2.googleapis.com/token',
  revoke: 'https://oauth2.googleapis.com/revoke',
  api: 'https://www.googleapis.com/webmasters/v3',
}

/** The limits of one request. */
export interface GoogleLimits {
  /** ms until the whole answer was received. */
  readonly time: number
  /** bytes. 25,000 rows with long keys take about 8 MB. */
  readonly size: number
}

export const googleLimits: GoogleLimits = { time: 60_000, size: 32 * 1024 ** 2 }

/** An answer of Google. */
export interface GoogleAnswer {
  readonly status: number
  /** Parsed JSON; null if the answer has none. */
  readonly body: unknown
  /** ms after which to ask again; null if the answer does not say. */
  readonly retryAfter: number | null
}

/**
 * Sends a request and reads the answer within limits. Redirects are not followed: Google's API has none, and another host would
 * get the credential.
 * @throws {InsightsError} `unreachable`
 */
export async function requestGoogle(
  url: string,
  init: {
    readonly method?: 'GET' | 'POST'
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string
  },
  { signal, limits }: { readonly signal: AbortSignal; readonly limits: GoogleLimits },
): Promise<GoogleAnswer> {
  try {
    const response = await fetch(url, {
      ...init,
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(limits.time)]),
    })
    const text = await readText(response, limits.size)
    return { status: response.status, body: parsed(text), retryAfter: retryAfterOf(response) }
  } catch (cause) {
    signal.throwIfAborted()
    const isLate = (cause as { readonly name?: string }).name === 'TimeoutError'
    const reason = cause instanceof TooLarge ? cause.message : isLate ? 'no answer in time' : 'no connection'
    throw new InsightsError('unreachable', `Google could not be asked: ${reason}. It is tried again.`, {
      cause,
    })
  }
}

class TooLarge extends Error {}

async function readText(response: Response, maxSize: number): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.length
    // Leaving the loop cancels the rest of the answer.
    if (size > maxSize) throw new TooLarge('the answer is too large')
    text += decoder.decode(part, { stream: true })
  }
  return text + decoder.decode()
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const maxWait = 24 * 3_600_000

function retryAfterOf({ headers }: Response): number | null {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  return seconds > 0 ? Math.min(seconds * 1000, maxWait) : null
}
