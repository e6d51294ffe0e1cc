import { TokenBucket } from '@peerpress/wire/token-bucket'
import { averagingTime } from './rate-limit.ts'
import { RecentlyUsed } from './recently-used.ts'

/** Time for which the beacons of a network are counted, ms. */
const countingTime = averagingTime * 1000
/** Networks that are counted separately for one site; further ones share one count. */
const maxNetworks = 10_000
const furtherNetworks = ''

/**
 * Limits the beacons of each site, and divides the limit among client networks. While a site's budget is used up, a
 * network that sent less than an equal share of it is still accepted, from a reserve as large as the budget. So no
 * network can use up a site's budget alone, and a site gets at most twice its budget. Only registered sites may be
 * counted, because each takes memory.
 */
export class SiteBudget {
  readonly #burst: number
  readonly #now: () => number
  readonly #sites: RecentlyUsed<SiteState>

  /** `perSecond`: Infinity sets no limit. `now`: ms. */
  constructor(perSecond: number, now: () => number) {
    this.#burst = perSecond * averagingTime
    this.#now = now
    const limit = { burst: this.#burst, perSecond }
    this.#sites = new RecentlyUsed(
      (at) => ({
        budget: new TokenBucket(limit, at),
        reserve: new TokenBucket(limit, at),
        countedSince: at,
        networks: new Map(),
      }),
      countingTime,
    )
  }

  /**
   * Counts one beacon. Returns undefined if it is accepted, else the seconds until the whole budget is available again.
   */
  excess(site: string, network: string): number | undefined {
    if (this.#burst === Infinity) return undefined
    const now = this.#now()
    const state = this.#sites.of(site, now)
    const own = countOf(state, network, now)
    if (state.budget.take(now)) return undefined
    const isFair = own <= this.#burst / state.networks.size
    if (isFair && state.reserve.take(now)) return undefined
    return state.budget.secondsUntilFull(now)
  }
}

interface SiteState {
  readonly budget: TokenBucket
  readonly reserve: TokenBucket
  /** ms */
  countedSince: number
  /** Beacons by network. */
  readonly networks: Map<string, number>
}

/** Counts one beacon of a network; returns the network's count. */
function countOf(state: SiteState, network: string, now: number): number {
  const { networks } = state
  if (now - state.countedSince >= countingTime) {
    networks.clear()
    state.countedSince = now
  }
  const counted = networks.has(network) || networks.size < maxNetworks ? network : furtherNetworks
  const count = (networks.get(counted) ?? 0) + 1
  networks.set(counted, count)
  return count
}
