import { ApiError } from '../api-error.ts'
import type { Sender } from '../sender.ts'

/** The cost of a request, as `extensions.cost` of its response. */
export interface Cost {
  /** Maximum cost of this request, from its ranges, rows and dimensions. */
  readonly requested: number
  /** What the principal may still spend until `resetAt`. */
  readonly remaining: number
  /** When the budget is full again, RFC 3339. */
  readonly resetAt: string
}

/** The sender of a request, as far as its limits depend on it. */
type Spender = Pick<Sender, 'principal' | 'network'>

const windowMs = 60_000
/** Maximum number of principals whose spending is known; the oldest is forgotten first. */
const maxPrincipals = 10_000

interface Window {
  readonly endsAt: number
  readonly spent: number
}

/** The cost that each account, token or network may spend in a minute, over GraphQL and REST together. */
const defaultPerMinute = 100_000

/** What each principal may spend within a minute. It is the memory of this process: a restart fills all budgets. */
export class CostBudget {
  readonly #perMinute: number
  readonly #windows = new Map<string, Window>()

  /** @param perMinute @default 100_000 */
  constructor(perMinute: number = defaultPerMinute) {
    this.#perMinute = perMinute
  }

  /**
   * Subtracts the cost of a request.
   * @throws {ApiError} `RATE_LIMITED` when the budget has less than that; it stays as it was
   */
  spend(sender: Spender, requested: number, now: number = Date.now()): Cost {
    const key = spenderOf(sender)
    const known = this.#windows.get(key)
    const { endsAt, spent } = known && known.endsAt > now ? known : { endsAt: now + windowMs, spent: 0 }
    const remaining = this.#perMinute - spent - requested
    if (remaining < 0) {
      const seconds = Math.ceil((endsAt - now) / 1000)
      throw new ApiError(
        'RATE_LIMITED',
        `Your requests of this minute cost ${spent} of ${this.#perMinute}, and this one may cost ${requested}. Try again in ${seconds} s, or ask for shorter ranges and fewer rows.`,
        { retryAfter: seconds },
      )
    }
    this.#windows.delete(key)
    this.#windows.set(key, { endsAt, spent: spent + requested })
    const [oldest] = this.#windows.keys()
    if (oldest !== undefined && this.#windows.size > maxPrincipals) this.#windows.delete(oldest)
    return { requested, remaining, resetAt: new Date(endsAt).toISOString() }
  }
}

/** Returns whose limits a request counts on. Requests without an account share those of their network. */
export function spenderOf({ principal, network }: Spender): string {
  if (principal.kind === 'token') return `token ${principal.id}`
  const account = principal.kind === 'reader' || principal.kind === 'nobody' ? null : principal.account
  return account === null ? `${principal.kind} ${network}` : `account ${account.id}`
}
