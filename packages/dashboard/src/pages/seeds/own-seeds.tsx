import { useId } from 'preact/hooks'
import type { SeedFragment } from '../../generated/graphql.ts'
import { countryName, format } from '../../report/page-format.ts'

interface OwnSeedsProps {
  readonly seeds: readonly SeedFragment[]
  readonly dayOf: (time: string) => string
}

/** The seeds that a site's owner offers, and how to start one. */
export function OwnSeeds({ seeds, dayOf }: OwnSeedsProps) {
  const id = useId()
  return (
    <section class="panel" aria-labelledby={id}>
      <h2 id={id}>Own seeds</h2>
      {seeds.map(({ seed, country, maxBytes, bytesPerDay, seenAt, ...state }) => (
        <dl class="pairs own-seed" key={seed}>
          <dt>Key</dt>
          <dd>
            <code>{seed}</code>
          </dd>
          <dt>Offers</dt>
          <dd>
            {format.bytes(maxBytes)} stored, {format.bytes(bytesPerDay)} a day, in {countryName(country)}
          </dd>
          <dt>Last seen</dt>
          <dd>{seenAt === null ? 'never' : dayOf(seenAt)}</dd>
          {state.revokedReason !== null && (
            <>
              <dt>Ended</dt>
              <dd class="bad">
                {state.revokedReason === 'WRONG_CHUNK'
                  ? 'A proof shows that it sent wrong bytes: check its disk, and start another seed with a new folder.'
                  : 'Its owner took the offer back.'}
              </dd>
            </>
          )}
        </dl>
      ))}
      <p class="hint">
        A machine that is always on serves other sites' posts with{' '}
        <code>./peerpress seed URL --community --site ID --country CC</code>, and earns this site credit.
      </p>
    </section>
  )
}
