/** Why a beacon was not kept. Stable: it is counted by these, and they are the `code` of the answer's problem. */
export type DropReason = keyof typeof statuses

/** How a beacon that is not kept is answered. */
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

/** A drop with the status that belongs to its reason. `retryAfter`: seconds; 30 for what is away. */
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
