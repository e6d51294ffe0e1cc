import type { SearchProblem } from '@peerpress/registry'
import type { InsightsError } from '../insights-error.ts'

const minute = 60_000
const day = 24 * 60 * minute

/** What became of an import that could not go on. */
export interface FailedImport {
  readonly problem: SearchProblem
  readonly detail: string
  readonly resumeAt: Date | null
}

/**
 * Returns when an import goes on after an error. Google says to wait 15 minutes after its limit, and that a limit which is still
 * reached then is that of a day: https://developers.google.com/webmaster-tools/limits
 * @param attempts failures in succession before this one, without a day in between
 */
export function failureOf(
  { code, message, retryAfter }: InsightsError,
  { attempts, now }: { readonly attempts: number; readonly now: number },
): FailedImport {
  const at = (ms: number) => new Date(now + Math.max(retryAfter ?? 0, Math.min(ms, day)))
  switch (code) {
    case 'quota':
      return { problem: code, detail: message, resumeAt: at(15 * minute * 4 ** Math.min(attempts, 6)) }
    case 'unreachable':
      return { problem: code, detail: message, resumeAt: at(minute * 2 ** Math.min(attempts, 11)) }
    case 'revoked':
    case 'no-client':
      return { problem: 'revoked', detail: message, resumeAt: null }
    case 'forbidden':
      // Somebody may give the account access meanwhile.
      return { problem: code, detail: message, resumeAt: at(day) }
    default:
      return { problem: 'unexpected', detail: message, resumeAt: at(day) }
  }
}
