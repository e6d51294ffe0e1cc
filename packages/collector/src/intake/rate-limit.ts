import { TokenBucket } from '@peerpress/wire/token-bucket'
import { RecentlyUsed } from './recently-used.ts'

/** Time over which rates are averaged, seconds: as much may come at once. */
export const averagingTime = 10
/** Keys with a bucket of their own. Further keys share one, so that memory is bounded and nobody is exempt. */
const maxKeys = 100_000
const furtherKeys = ''

/** Limits a rate for each key. */
export class RateLimit {
  readonly #buckets: RecentlyUsed<TokenBucket>
  readonly #now: () => number

  /** `perSecond`: Infinity sets no limit. `now`: ms. */
  constructor(perSecond: number, now: () => number) {
    const limit = { burst: perSecond * averagingTime, perSecond }
    // A bucket that was not used for the averaging time is full, as a new one is.
    this.#buckets = new RecentlyUsed((at) => new TokenBucket(limit, at), averagingTime * 1000)
    this.#now = now
  }

  /**
   * Counts `amount`. Returns undefined if the rate allows it, else the seconds until the whole limit is available
   * again. An amount that is refused uses up what is left.
   */
  excess(key: string, amount = 1): number | undefined {
    const now = this.#now()
    const hasBucket = this.#buckets.has(key) || this.#buckets.size < maxKeys
    const bucket = this.#buckets.of(hasBucket ? key : furtherKeys, now)
    if (bucket.take(now, amount)) return undefined
    bucket.takeAll(now)
    return bucket.secondsUntilFull(now)
  }
}
