import { useId } from 'preact/hooks'
import { SaveCsv } from '../../components/tables/save-csv.tsx'
import { SeedGrantRevokeDocument, type SeedsQuery } from '../../generated/graphql.ts'
import { countryName, format } from '../../report/page-format.ts'
import { useChange } from '../../session/use-change.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { seedsMessages } from '../../messages/seeds-messages.ts'

const texts = seedsMessages.grants

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
      <div class="panel-head">
        <h2 id={id}>{texts.seedsThatMayServe}</h2>

        <SaveCsv
          caption={texts.grants}
          csv={() => ({
            header: [texts.seedOf, texts.country, texts.storesAtMost, texts.sendsDayAtMost, texts.until],
            rows: current.map(({ offer, maxBytes, bytesPerDay, expiresAt }) => [
              offer?.owner ?? texts.ownerWhoHasLeft,
              offer === null ? null : countryName(offer.country),
              maxBytes,
              bytesPerDay,
              dayOf(expiresAt),
            ]),
          })}
        />
      </div>
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <div class="table-scroll" role="region" aria-label={texts.grants} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{texts.seedOf}</th>
              <th scope="col">{texts.country}</th>
              <th scope="col">{texts.storesAtMost}</th>
              <th scope="col">{texts.sendsDayAtMost}</th>
              <th scope="col">{texts.until}</th>
              <th scope="col">{texts.change}</th>
            </tr>
          </thead>
          <tbody>
            {current.map((grant) => (
              <tr key={grant.id}>
                <th scope="row">{grant.offer?.owner ?? texts.ownerWhoHasLeft}</th>
                <td>{grant.offer === null ? '' : countryName(grant.offer.country)}</td>
                <td class="number">{format.bytes(grant.maxBytes)}</td>
                <td class="number">{format.bytes(grant.bytesPerDay)}</td>
                <td>{dayOf(grant.expiresAt)}</td>
                <td>
                  <button type="button" class="quiet" disabled={isBusy} onClick={() => revoke(grant.id)}>
                    {texts.takeBack}
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
