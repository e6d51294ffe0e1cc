import type { UploadLimits } from '@peerpress/wire'

/** Begins with what the loader removes when the reader withdraws. */
const key = 'peerpress:visit:uploaded'

const defaults = { rate: 2_000_000, slots: 3, perSession: 200_000_000, perMonth: 2_000_000_000 }

/** What one post may give. */
export interface UploadShare {
  readonly bytes: number
  /** Chunks at a time. */
  readonly slots: number
  /** bytes/ms */
  readonly rate: number
}

/** What this reader's browser has given in this session of the tab, and in this month in all tabs. */
export class UploadBudget {
  readonly #limits: typeof defaults
  readonly #month: () => string
  /** Where the browser stores nothing, the page's own count is all there is. */
  #sent = 0

  /** `limits`: what is left out has its default. `month`: the calendar month, as in `2026-11`. */
  constructor(limits: UploadLimits = {}, month = () => new Date().toISOString().slice(0, 7)) {
    this.#limits = { ...defaults, ...(limits as Partial<typeof defaults>) }
    this.#month = month
  }

  /** Bytes that may still be given, at least 0. */
  get left(): number {
    const { perSession, perMonth } = this.#limits
    const session = countIn(() => sessionStorage, '')
    const month = countIn(() => localStorage, this.#month())
    const sent = this.#sent
    return Math.max(0, Math.min(perSession - session, perMonth - month, perSession - sent, perMonth - sent))
  }

  /** What each of so many posts may give so that all together keep to the limits: slots that are not enough go to the first. */
  shares(posts: number): UploadShare[] {
    const { slots, rate } = this.#limits
    const bytes = this.left / posts
    return Array.from({ length: posts }, (_, i) => ({
      bytes,
      slots: Math.floor((slots + posts - 1 - i) / posts),
      rate: rate / 1000 / posts,
    }))
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
