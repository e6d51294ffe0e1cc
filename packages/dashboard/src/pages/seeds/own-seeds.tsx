import { useId } from 'preact/hooks'
import type { SeedFragment } from '../../generated/graphql.ts'
import { countryName, format } from '../../report/page-format.ts'
import { seedsMessages } from '../../messages/seeds-messages.ts'

const texts = seedsMessages.ownSeeds

interface OwnSeedsProps {
  readonly seeds: readonly SeedFragment[]
  readonly dayOf: (time: string) => string
}

/** The seeds that a site's owner offers, and how to start one. */
export function OwnSeeds({ seeds, dayOf }: OwnSeedsProps) {
  const id = useId()
  return (
    <section class="panel" aria-labelledby={id}>
      <h2 id={id}>{texts.ownSeeds}</h2>
      {seeds.map(({ seed, country, maxBytes, bytesPerDay, seenAt, ...state }) => (
        <dl class="pairs own-seed" key={seed}>
          <dt>{texts.key}</dt>
          <dd>
            <code>{seed}</code>
          </dd>
          <dt>{texts.offers}</dt>
          <dd>{texts.storedDay(format.bytes(maxBytes), format.bytes(bytesPerDay), countryName(country))}</dd>
          <dt>{texts.lastSeen}</dt>
          <dd>{seenAt === null ? 'never' : dayOf(seenAt)}</dd>
          {state.revokedReason !== null && (
            <>
              <dt>{texts.ended}</dt>
              <dd class="bad">
                {state.revokedReason === 'WRONG_CHUNK' ? texts.proofShows : texts.itsOwnerTookOffer}
              </dd>
            </>
          )}
        </dl>
      ))}
      <p class="hint">
        {texts.machineThatIsAlways} <code>./peerpress seed URL --community --site ID --country CC</code>
        {texts.andEarnsThisSite}
      </p>
    </section>
  )
}
