import * as v from 'valibot'
import { InsightsError } from '../insights-error.ts'
import type { GoogleAnswer } from './google-request.ts'

/** https://developers.google.com/webmaster-tools/v1/errors */
const errorSchema = v.object({
  error: v.object({
    message: v.optional(v.string()),
    status: v.optional(v.string()),
    errors: v.optional(v.array(v.object({ reason: v.optional(v.string()) }))),
  }),
})

const quotaReasons: ReadonlySet<string> = new Set([
  'quotaExceeded',
  'rateLimitExceeded',
  'userRateLimitExceeded',
  'dailyLimitExceeded',
  'servingLimitExceeded',
])

/** Returns the error of an answer whose status is no success. */
export function apiErrorOf({ status, body, retryAfter }: GoogleAnswer): InsightsError {
  const known = v.safeParse(errorSchema, body)
  const { message = '', status: name, errors = [] } = known.success ? known.output.error : {}
  const said = message === '' ? '' : ` Google says: ${oneLine(message)}`
  const isQuota = errors.some(({ reason }) => quotaReasons.has(reason ?? '')) || name === 'RESOURCE_EXHAUSTED'
  if (status === 429 || (status === 403 && isQuota)) {
    return new InsightsError(
      'quota',
      `Google’s limit of requests is reached; the import goes on later.${said}`,
      {
        retryAfter,
      },
    )
  }
  if (status === 401) {
    return new InsightsError(
      'revoked',
      `Google does not accept the connection any more: connect again.${said}`,
    )
  }
  if (status === 403 || status === 404) {
    return new InsightsError(
      'forbidden',
      `The account may not read this property: give it access in Search Console, or choose another property.${said}`,
    )
  }
  if (status >= 500) {
    return new InsightsError('unreachable', `Google has an error (status ${status}); it is tried again.`, {
      retryAfter,
    })
  }
  return new InsightsError('unexpected', `Google refused the request (status ${status}).${said}`)
}

/** Returns a stranger's text as one short line. */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, 200)
}
