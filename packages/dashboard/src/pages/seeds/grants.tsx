import { useId } from 'preact/hooks'
import { SeedGrantRevokeDocument, type SeedsQuery } from '../../generated/graphql.ts'
import { countryName, format } from '../../report/page-format.ts'
import { useChange } from '../../session/use-change.ts'
import { useSendToGraph } from '../../session/use-graph.ts'

type Grant = NonNullable<SeedsQuery['site']>['seedGrants']['edges'][number]['node']

interface GrantsProps {
  readonly grants: readonly Grant[]
  readonly dayOf: (time: string) => string
  readonly onChange: () => void
}

/** The grants of a site, each to be taken back. */
export function Grants({ grants, dayOf, onChange }: GrantsProps) {
  const id = useId()
  const send = useSendToGraph()
  const { make, problem, isBusy } = useChange()
  const current = grants.filter(
    ({ revokedAt, expiresAt }) => revokedAt === null && Date.parse(expiresAt) > Date.now(),
  )
  if (current.length === 0) return null
  const revoke = (seedGrantId: string) =>
    make(async () => {
      await send(SeedGrantRevokeDocument, { input: { seedGrantId } })
      onChange()
    })
  return (
    <section class="panel" aria-labelledby={id}>
      <h2 id={id}>Seeds that may serve this site's posts</h2>
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <div class="table-scroll" role="region" aria-label="Grants" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Seed of</th>
              <th scope="col">Country</th>
              <th scope="col">Stores at most</th>
              <th scope="col">Sends a day at most</th>
              <th scope="col">Until</th>
              <th scope="col">Change</th>
            </tr>
          </thead>
          <tbody>
            {current.map((grant) => (
              <tr key={grant.id}>
                <th scope="row">{grant.offer?.owner ?? 'an owner who has left'}</th>
                <td>{grant.offer === null ? '' : countryName(grant.offer.country)}</td>
                <td class="number">{format.bytes(grant.maxBytes)}</td>
                <td class="number">{format.bytes(grant.bytesPerDay)}</td>
                <td>{dayOf(grant.expiresAt)}</td>
                <td>
                  <button type="button" class="quiet" disabled={isBusy} onClick={() => revoke(grant.id)}>
                    Take back
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
