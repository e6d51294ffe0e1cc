import { Failure } from '../../components/failure.tsx'
import { SeedsDocument } from '../../generated/graphql.ts'
import { format, formatTime } from '../../report/page-format.ts'
import { useGraph } from '../../session/use-graph.ts'
import type { SitePageProps } from '../site-page.ts'
import { GivenTable } from './given-table.tsx'
import { GrantSeed } from './grant-seed.tsx'
import { Grants } from './grants.tsx'
import { OwnSeeds } from './own-seeds.tsx'

/** Interval between two loads, ms. */
const seedsEvery = 60_000

/** Seeds that sites lend each other: what this site gives, what it gets, and where. */
export function Seeds({ site }: SitePageProps) {
  const { siteId, timeZone } = site
  const { data, error, reload } = useGraph(SeedsDocument, { siteId }, seedsEvery)
  if (data === null || data.site === null) {
    return error === null ? <p class="loading">Loading…</p> : <Failure error={error} onRetry={reload} />
  }
  const { seedsGave, seedsReceived, ownSeeds, offeredSeeds, seedGrants, seedCredit } = data.site
  const dayOf = (time: string) => formatTime(Date.parse(time), { dateStyle: 'medium', timeZone })
  const own = ownSeeds.edges.map(({ node }) => node)
  const grants = seedGrants.edges.map(({ node }) => node)
  const granted = new Set(grants.filter(({ revokedAt }) => revokedAt === null).map(({ seed }) => seed))
  const offers = offeredSeeds.edges.map(({ node }) => node).filter(({ seed }) => !granted.has(seed))
  return (
    <div class="report seeds">
      {error !== null && <Failure error={error} onRetry={reload} />}
      <GivenTable
        title="What this site gets"
        absence="No seed of another site has given this site's readers anything in the last 30 days."
        partner="Given by"
        rows={seedsReceived.edges.map(({ node }) => ({ ...node, partner: node.giver }))}
      />
      <GivenTable
        title="What this site gives"
        absence="This site's seeds have given nothing to other sites in the last 30 days."
        partner="Given to"
        rows={seedsGave.edges.map(({ node }) => ({ ...node, partner: node.receiver }))}
      >
        <p class="hint">
          Bytes that readers signed for. Credit: {format.bytes(seedCredit)}, without today's bytes. It is
          halved for every 30 days, and decides whose posts are placed first when space is short.
        </p>
      </GivenTable>
      <Grants grants={grants} dayOf={dayOf} onChange={reload} />
      <GrantSeed siteId={siteId} offers={offers} onChange={reload} />
      <OwnSeeds seeds={own} dayOf={dayOf} />
    </div>
  )
}
