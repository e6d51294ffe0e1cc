import { useId } from 'preact/hooks'
import { Failure } from '../../components/failure.tsx'
import { SearchConsoleChooseDocument, SearchPropertiesDocument } from '../../generated/graphql.ts'
import { useGraph, useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'
import { settingsMessages } from '../../messages/settings-messages.ts'

const texts = settingsMessages.searchProperty

/** Interval between two loads, ms: each asks Google. */
const propertiesEvery = 300_000

interface SearchPropertyProps {
  readonly siteId: string
  readonly onChosen: () => void
}

/** The choice of the property whose figures are imported. */
export function SearchProperty({ siteId, onChosen }: SearchPropertyProps) {
  const id = useId()
  const send = useSendToGraph()
  const { data, error, reload } = useGraph(SearchPropertiesDocument, { siteId }, propertiesEvery)
  const { submit, problem, isBusy } = useSubmit(async (field) => {
    await send(SearchConsoleChooseDocument, { input: { siteId, property: field('property') } })
    onChosen()
  })
  const properties = data?.site?.searchProperties ?? null
  if (error !== null) return <Failure error={error} onRetry={reload} />
  if (properties === null) return <p class="loading">{texts.loading}</p>
  if (properties.length === 0) {
    return (
      <p class="bad" role="alert">
        {texts.accountMayReadNo}
      </p>
    )
  }
  return (
    <form class="fields" onSubmit={submit} aria-label={texts.chooseProperty}>
      <div class="field">
        <label for={id}>{texts.property}</label>
        <select id={id} name="property">
          {properties.map((property) => (
            <option key={property} value={property}>
              {property}
            </option>
          ))}
        </select>
      </div>
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <div class="save">
        <button type="submit" disabled={isBusy}>
          {texts.importItsFigures}
        </button>
      </div>
    </form>
  )
}
