import { createHash } from 'node:crypto'
import type { PeerId, PostId, SiteId } from '@peerpress/wire'

/** Seeds that store a post in each region in which seeds are granted. */
export const copiesPerRegion = 2

/** A seed that is offered. */
export interface OfferedSeed {
  readonly seed: PeerId
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  /** Bytes that it stores at most. */
  readonly maxBytes: number
}

/** A grant of a site for a seed. */
export interface GrantedSeed {
  readonly site: SiteId
  readonly seed: PeerId
  /** Bytes of the site's assets that the seed stores at most. */
  readonly maxBytes: number
}

/** A post that seeds may store. */
export interface LendablePost {
  readonly site: SiteId
  readonly post: PostId
  readonly bytes: number
}

/** What a placement follows from. */
export interface PlacementInput {
  readonly offers: readonly OfferedSeed[]
  readonly grants: readonly GrantedSeed[]
  /** The most important post of each site first. */
  readonly posts: readonly LendablePost[]
  /** Credit of sites, bytes. A site that is missing has none. */
  readonly credits: ReadonlyMap<SiteId, number>
  /** Countries in which a site lags, the worst first. */
  readonly lagging: ReadonlyMap<SiteId, readonly string[]>
}

/**
 * Chooses the posts that each seed stores. In each round every site gets one post placed, the site with the most credit first.
 * So credit decides who is first when space is short, and no site is excluded. Within a region, rendezvous hashing (Thaler &
 * Ravishankar 1998) chooses two seeds: another seed's arrival moves few posts. Regions in which the site lags are first.
 * The same input gives the same placement.
 */
export function place(input: PlacementInput): ReadonlyMap<PeerId, readonly LendablePost[]> {
  const placement = new Placement(input)
  const queues = bySite(input.posts)
  const sites = [...queues.keys()].toSorted(
    (a, b) => (input.credits.get(b) ?? 0) - (input.credits.get(a) ?? 0) || order(hash(a), hash(b)),
  )
  const longest = Math.max(0, ...[...queues.values()].map((queue) => queue.length))
  for (let round = 0; round < longest; round++) {
    for (const site of sites) {
      const post = queues.get(site)?.[round]
      if (post !== undefined) placement.add(post)
    }
  }
  return placement.placed
}

class Placement {
  readonly placed = new Map<PeerId, LendablePost[]>()
  /** Bytes that are left of each seed, and of each site on each seed. */
  readonly #room: Map<PeerId, number>
  readonly #granted = new Map<string, number>()
  readonly #seedsOf: ReadonlyMap<SiteId, ReadonlyMap<string, readonly PeerId[]>>
  readonly #lagging: PlacementInput['lagging']

  constructor({ offers, grants, lagging }: PlacementInput) {
    this.#room = new Map(offers.map(({ seed, maxBytes }) => [seed, maxBytes]))
    for (const { site, seed, maxBytes } of grants) {
      const key = `${site} ${seed}`
      this.#granted.set(key, Math.max(maxBytes, this.#granted.get(key) ?? 0))
    }
    this.#seedsOf = seedsByRegion(offers, grants)
    this.#lagging = lagging
  }

  add(post: LendablePost): void {
    const regions = this.#seedsOf.get(post.site) ?? new Map<string, readonly PeerId[]>()
    const lagging = this.#lagging.get(post.site) ?? []
    const rank = (region: string) => (lagging.includes(region) ? lagging.indexOf(region) : lagging.length)
    const ordered = [...regions.keys()].toSorted((a, b) => rank(a) - rank(b) || order(a, b))
    for (const region of ordered) this.#addIn(regions.get(region) ?? [], post)
  }

  #addIn(seeds: readonly PeerId[], post: LendablePost): void {
    const ranked = seeds
      .filter((seed) => this.#fits(seed, post))
      .map((seed) => ({ seed, weight: hash(`${seed} ${post.site}/${post.post}`) }))
      .toSorted((a, b) => order(a.weight, b.weight))
    for (const { seed } of ranked.slice(0, copiesPerRegion)) this.#put(seed, post)
  }

  #fits(seed: PeerId, { site, bytes }: LendablePost): boolean {
    return (this.#room.get(seed) ?? 0) >= bytes && (this.#granted.get(`${site} ${seed}`) ?? 0) >= bytes
  }

  #put(seed: PeerId, post: LendablePost): void {
    const key = `${post.site} ${seed}`
    this.#room.set(seed, (this.#room.get(seed) ?? 0) - post.bytes)
    this.#granted.set(key, (this.#granted.get(key) ?? 0) - post.bytes)
    const posts = this.placed.get(seed) ?? []
    posts.push(post)
    this.placed.set(seed, posts)
  }
}

function seedsByRegion(
  offers: readonly OfferedSeed[],
  grants: readonly GrantedSeed[],
): ReadonlyMap<SiteId, ReadonlyMap<string, readonly PeerId[]>> {
  const countries = new Map(offers.map(({ seed, country }) => [seed, country]))
  const seeds = new Map<SiteId, Map<string, PeerId[]>>()
  for (const { site, seed } of grants) {
    const country = countries.get(seed)
    if (country === undefined) continue
    const regions = seeds.get(site) ?? new Map<string, PeerId[]>()
    const inRegion = regions.get(country) ?? []
    if (!inRegion.includes(seed)) regions.set(country, [...inRegion, seed])
    seeds.set(site, regions)
  }
  return seeds
}

function bySite(posts: readonly LendablePost[]): ReadonlyMap<SiteId, readonly LendablePost[]> {
  return Map.groupBy(posts, ({ site }) => site)
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
