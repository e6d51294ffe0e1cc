import type { UploadLimits } from '@peerpress/wire'

/** Begins with what the loader removes when the reader withdraws. */
const key = 'peerpress:visit:uploaded'

const defaults = { rate: 2_000_000, slots: 3, perSession: 200_000_000, perMonth: 2_000_000_000 }

/** The limits of a page with the default of each that it leaves out. */
export function withDefaults({
  rate = defaults.rate,
  slots = defaults.slots,
  perSession = defaults.perSession,
  perMonth = defaults.perMonth,
}: UploadLimits = {}): typeof defaults {
  return { rate, slots, perSession, perMonth }
}

/** What this reader's browser has given in this session of the tab, and in this month in all tabs. */
export class UploadBudget {
  readonly #perSession: number
  readonly #perMonth: number
  readonly #month: () => string
  /** Where the browser stores nothing, the page's own count is all there is. */
  #sent = 0

  /** `month`: the calendar month, as in `2026-11`. */
  constructor({ perSession, perMonth }: typeof defaults, month = () => new Date().toISOString().slice(0, 7)) {
    this.#perSession = perSession
    this.#perMonth = perMonth
    this.#month = month
  }

  /** Bytes that may still be given, at least 0. */
  get left(): number {
    const session = Math.max(
      this.#sent,
      countIn(() => sessionStorage, ''),
    )
    const month = Math.max(
      this.#sent,
      countIn(() => localStorage, this.#month()),
    )
    return Math.max(0, Math.min(this.#perSession - session, this.#perMonth - month))
  }

  spend(bytes: number): void {
    this.#sent += bytes
    add(() => sessionStorage, '', bytes)
    add(() => localStorage, this.#month(), bytes)
  }
}

/** What is stored is `PERIOD bytes`; of another period, or anything else, counts as 0. */
function countIn(storage: () => Storage, period: string): number {
  try {
    const [stored, bytes] = (storage().getItem(key) ?? '').split(' ')
    return stored === period && Number(bytes) > 0 ? Number(bytes) : 0
  } catch {
    return 0
  }
}

function add(storage: () => Storage, period: string, bytes: number): void {
  try {
    storage().setItem(key, `${period} ${countIn(storage, period) + bytes}`)
  } catch {
    // Storage is switched off or full.
  }
}
