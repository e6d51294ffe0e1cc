import { ApiError } from '../api-error.ts'

const maxWork = 1000
const costs = { question: 10, record: 1 } as const

/**
 * What one request may cost: questions to the store and records read from the registry. A short query can ask for
 * thousands of them through nested lists, which no look at its text tells.
 */
export class WorkBudget {
  #left = maxWork

  /** @throws {ApiError} `QUERY_TOO_COMPLEX` when this is more than what is left. */
  spend(on: keyof typeof costs): void {
    this.#left -= costs[on]
    if (this.#left >= 0) return
    throw new ApiError(
      'QUERY_TOO_COMPLEX',
      `A request may ask for ${maxWork / costs.question} totals, series and breakdowns or ${maxWork} records. ` +
        'Ask for fewer sites or posts at a time.',
    )
  }
}
