/** ms that one count lasts. */
const windowMs = 10_000
/** Networks that are counted apart for one site; further ones share one count. */
const maxNetworks = 10_000
const furtherNetworks = ''

/**
 * How many beacons each site may take, per second on average of ten. While a site is over its budget, a client network that
 * took less than an equal share of it still gets its beacons in: no network can use up the budget of a site alone. So a
 * site takes twice its budget at most. Only sites that exist may be counted: memory is theirs.
 */
export class SiteBudget {
  readonly #most: number
  readonly #now: () => number
  #counts = new Map<string, SiteCount>()
  #since = -Infinity

  /** `perSecond`: Infinity limits nothing. `now`: ms. */
  constructor(perSecond: number, now: () => number) {
    this.#most = (perSecond * windowMs) / 1000
    this.#now = now
  }

  /** Counts one beacon; undefined when it may come in, else the seconds until there is room again. */
  excess(site: string, network: string): number | undefined {
    if (this.#most === Infinity) return undefined
    const now = this.#now()
    // A clock that went back begins anew, too.
    if (now >= this.#since + windowMs || now < this.#since) {
      this.#since = now
      this.#counts = new Map()
    }
    const count = this.#counts.get(site) ?? { taken: 0, networks: new Map() }
    this.#counts.set(site, count)
    const { networks } = count
    const counted = networks.has(network) || networks.size < maxNetworks ? network : furtherNetworks
    const own = (networks.get(counted) ?? 0) + 1
    networks.set(counted, own)
    const hasRoom = count.taken < this.#most
    const isFair = count.taken < 2 * this.#most && own <= this.#most / networks.size
    if (hasRoom || isFair) {
      count.taken++
      return undefined
    }
    return Math.ceil((this.#since + windowMs - now) / 1000)
  }
}

interface SiteCount {
  taken: number
  readonly networks: Map<string, number>
}
