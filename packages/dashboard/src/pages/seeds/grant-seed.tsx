import { useId } from 'preact/hooks'
import { SeedGrantMakeDocument, type SeedFragment } from '../../generated/graphql.ts'
import { countryName, format } from '../../report/page-format.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'
import { seedsMessages } from '../../messages/seeds-messages.ts'

const texts = seedsMessages.grantSeed

const gigabyte = 1_000_000_000
const termMs = 90 * 86_400_000

interface GrantSeedProps {
  readonly siteId: string
  /** Seeds that the site has granted nothing. */
  readonly offers: readonly SeedFragment[]
  readonly onChange: () => void
}

/** Permits one offered seed to store and serve the site's public posts, for 90 days. */
export function GrantSeed({ siteId, offers, onChange }: GrantSeedProps) {
  const id = useId()
  const send = useSendToGraph()
  const { submit, problem, isBusy } = useSubmit(async (field) => {
    const expiresAt = new Date(Date.now() + termMs).toISOString()
    const limits = {
      maxBytes: Math.round(Number(field('stored')) * gigabyte),
      bytesPerDay: Math.round(Number(field('sent')) * gigabyte),
    }
    await send(SeedGrantMakeDocument, { input: { siteId, seed: field('seed'), ...limits, expiresAt } })
    onChange()
  })
  return (
    <form class="panel fields" aria-labelledby={`${id}-title`} onSubmit={submit}>
      <h2 id={`${id}-title`}>{texts.letSeedServe}</h2>
      {offers.length === 0 ? (
        <p>{texts.noFurtherSeed}</p>
      ) : (
        <>
          <p class="hint">{texts.itStoresPublicPosts}</p>
          <div class="field">
            <label for={`${id}-seed`}>{texts.seed}</label>
            <select id={`${id}-seed`} name="seed">
              {offers.map(({ seed, owner, country, maxBytes }) => (
                <option key={seed} value={seed}>
                  {owner}, {countryName(country)}, {format.bytes(maxBytes)}
                </option>
              ))}
            </select>
          </div>
          <div class="field">
            <label for={`${id}-stored`}>{texts.storedAtMostGb}</label>
            <input id={`${id}-stored`} name="stored" type="number" min="0.1" step="0.1" value="2" required />
          </div>
          <div class="field">
            <label for={`${id}-sent`}>{texts.sentDayAtMost}</label>
            <input id={`${id}-sent`} name="sent" type="number" min="0.1" step="0.1" value="20" required />
          </div>
          {problem !== null && (
            <p class="bad" role="alert">
              {problem}
            </p>
          )}
          <div class="save">
            <button type="submit" disabled={isBusy}>
              {texts.grant}
            </button>
          </div>
        </>
      )}
    </form>
  )
}
