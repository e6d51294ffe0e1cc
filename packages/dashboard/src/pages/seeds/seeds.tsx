import { Failure } from '../../components/failure.tsx'
import { SeedsDocument } from '../../generated/graphql.ts'
import { format, formatTime } from '../../report/page-format.ts'
import { useGraph } from '../../session/use-graph.ts'
import type { SitePageProps } from '../site-page.ts'
import { GivenTable } from './given-table.tsx'
import { GrantSeed } from './grant-seed.tsx'
import { Grants } from './grants.tsx'
import { OwnSeeds } from './own-seeds.tsx'
import { seedsMessages } from '../../messages/seeds-messages.ts'

const texts = seedsMessages.seeds

/** Interval between two loads, ms. */
const seedsEvery = 60_000

/** Seeds that sites lend each other: what this site gives, what it gets, and where. */
export function Seeds({ site }: SitePageProps) {
  const { siteId, timeZone } = site
  const { data, error, reload } = useGraph(SeedsDocument, { siteId }, seedsEvery)
  if (data === null || data.site === null) {
    return error === null ? (
      <p class="loading">{texts.loading}</p>
    ) : (
      <Failure error={error} onRetry={reload} />
    )
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
        title={texts.whatThisSiteGets}
        absence={texts.noSeedOfAnother}
        partner={texts.givenBy}
        rows={seedsReceived.edges.map(({ node }) => ({ ...node, partner: node.giver }))}
      />
      <GivenTable
        title={texts.whatThisSiteGives}
        absence={texts.thisSitesSeedsHave}
        partner={texts.givenTo}
        rows={seedsGave.edges.map(({ node }) => ({ ...node, partner: node.receiver }))}
      >
        <p class="hint">{texts.bytesThatReadersSigned(format.bytes(seedCredit))}</p>
      </GivenTable>
      <Grants grants={grants} dayOf={dayOf} onChange={reload} />
      <GrantSeed siteId={siteId} offers={offers} onChange={reload} />
      <OwnSeeds seeds={own} dayOf={dayOf} />
    </div>
  )
}
