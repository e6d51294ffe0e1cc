import type { UploadLimits } from '@peerpress/wire'

/** The loader removes keys with this prefix when the reader withdraws. */
const key = 'peerpress:visit:uploaded'

const defaults = { rate: 2_000_000, slots: 3, perSession: 200_000_000, perMonth: 2_000_000_000 }

/** The upload limits of one post. */
export interface UploadShare {
  readonly bytes: number
  /** Maximum number of simultaneous uploads, in chunks. */
  readonly slots: number
  /** bytes/ms */
  readonly rate: number
}

/** Counts the uploads of this reader's browser: in this session of the tab, and in this month in all tabs. */
export class UploadBudget {
  readonly #limits: typeof defaults
  readonly #month: () => string
  /** The page's own count, for browsers that store nothing. */
  #sent = 0

  /** `limits`: missing limits have their defaults. `month`: the calendar month, such as `2026-11`. */
  constructor(limits: UploadLimits = {}, month = () => new Date().toISOString().slice(0, 7)) {
    this.#limits = { ...defaults, ...(limits as Partial<typeof defaults>) }
    this.#month = month
  }

  /** Returns the number of bytes that may still be uploaded, at least 0. */
  get left(): number {
    const { perSession, perMonth } = this.#limits
    const session = countIn(() => sessionStorage, '')
    const month = countIn(() => localStorage, this.#month())
    const sent = this.#sent
    return Math.max(0, Math.min(perSession - session, perMonth - month, perSession - sent, perMonth - sent))
  }

  /** Divides the limits among the posts. If there are fewer slots than posts, the first posts get them. */
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

/** Reads `PERIOD bytes`. Another period or another format counts as 0. */
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
    // Storage is disabled or full.
  }
}
