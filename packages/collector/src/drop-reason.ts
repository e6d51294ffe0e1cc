/** Why a beacon was not kept. Stable: it is counted by these, and they are the `code` of the answer's problem. */
export type DropReason =
  'too-large' | 'malformed' | 'invalid' | 'unknown-site' | 'wrong-origin' | 'bot' | 'unavailable'

/** How a beacon that is not kept is answered. 204 where a retry would never help and nobody is to blame. */
export interface Drop {
  readonly accepted: false
  readonly status: 204 | 400 | 403 | 404 | 413 | 503
  readonly reason: DropReason
  readonly detail: string
  /** Seconds. */
  readonly retryAfter?: number
}

/** A drop with the status that belongs to its reason. */
export function drop(reason: DropReason, detail: string): Drop {
  const status = statuses[reason]
  return { accepted: false, status, reason, detail, ...(status === 503 ? { retryAfter: 30 } : {}) }
}

const statuses: Readonly<Record<DropReason, Drop['status']>> = {
  'too-large': 413,
  malformed: 400,
  invalid: 400,
  'unknown-site': 404,
  'wrong-origin': 403,
  bot: 204,
  unavailable: 503,
}
