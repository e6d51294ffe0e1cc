import type { Lending, PlaceablePost } from '@peerpress/registry'
import type { PeerId, SiteId } from '@peerpress/wire'
import { isCurrent } from './is-current.ts'
import { place } from './placement.ts'

/** Posts of one site that can be placed: the latest. */
const maxPostsPerSite = 50
/** ms for which one placement holds, so that many seeds cost one computation. */
const placementMs = 30_000

export interface PlacementsOptions {
  readonly lending: Pick<Lending, 'offers' | 'grants' | 'placeable' | 'credits'>
  readonly laggingRegions: (site: SiteId) => Promise<readonly string[]>
  readonly now: () => number
}

/** The current placement of posts on lent seeds. */
export interface Placements {
  current(): Promise<ReadonlyMap<PeerId, readonly PlaceablePost[]>>
  /** Grants or offers changed: the next placement is computed anew. */
  forget(): void
}

export function createPlacements({ lending, laggingRegions, now }: PlacementsOptions): Placements {
  let latest: {
    readonly at: number
    readonly placed: Promise<ReadonlyMap<PeerId, readonly PlaceablePost[]>>
  } | null = null
  const compute = async (): Promise<ReadonlyMap<PeerId, readonly PlaceablePost[]>> => {
    const offers = (await lending.offers()).filter((offer) => isCurrent(offer, now()))
    const grants = (await lending.grants()).filter((grant) => isCurrent(grant, now()))
    const sites = [...new Set(grants.map(({ site }) => site))]
    const posts = await lending.placeable(sites, maxPostsPerSite)
    const lagging = new Map<SiteId, readonly string[]>()
    for (const site of sites) lagging.set(site, await laggingRegions(site))
    const placed = place({ offers, grants, posts, credits: await lending.credits(), lagging })
    const pages = new Map(posts.map((post) => [`${post.site}/${post.post}`, post]))
    return new Map(
      Array.from(placed, ([seed, chosen]) => [
        seed,
        chosen.flatMap(({ site, post }) => pages.get(`${site}/${post}`) ?? []),
      ]),
    )
  }
  return {
    current: () => {
      if (latest === null || now() - latest.at >= placementMs || now() < latest.at) {
        const placed = compute()
        latest = { at: now(), placed }
        // A failure is not remembered; its caller gets the rejection.
        placed.catch(() => {
          if (latest?.placed === placed) latest = null
        })
      }
      return latest.placed
    },
    forget: () => {
      latest = null
    },
  }
}
