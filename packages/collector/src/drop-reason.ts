/** Why a beacon was dropped. Stable: drops are counted by it, and it is the `code` of the response's problem. */
export type DropReason = keyof typeof statuses

/** The response to a dropped beacon. */
export interface Drop {
  readonly accepted: false
  readonly status: (typeof statuses)[DropReason]
  readonly reason: DropReason
  readonly detail: string
  /** Seconds. */
  readonly retryAfter?: number
}

const statuses = {
  'network-busy': 429,
  'site-busy': 429,
  'too-large': 413,
  'unsupported-encoding': 415,
  malformed: 400,
  invalid: 400,
  'unknown-site': 404,
  'wrong-origin': 403,
  'log-full': 503,
  unavailable: 503,
} as const

export const dropReasons = Object.keys(statuses) as DropReason[]

/** Makes a drop with the status of its reason. `retryAfter`: seconds; by default 30 for status 503, else none. */
export function drop(
  reason: DropReason,
  detail: string,
  retryAfter = statuses[reason] === 503 ? 30 : undefined,
): Drop {
  return {
    accepted: false,
    status: statuses[reason],
    reason,
    detail,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  }
}
