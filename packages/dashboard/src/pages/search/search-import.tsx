import { useId, useRef, useState } from 'preact/hooks'
import { base64Of, FileField } from '../../components/file-field.tsx'
import { type ImportedExportFragment, SearchImportDocument } from '../../generated/graphql.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'
import { present } from '../../session/user-errors.ts'
import { searchImportMessages } from '../../messages/search-import-messages.ts'

const texts = searchImportMessages.searchImport

/** Both files must fit into a request of 1 MiB in base64, bytes each. */
const maxFileSize = 380_000

/** A form for the two exports of Search Console, from which findings know whether a region is shown or clicked less. */
export function SearchImport({ siteId }: { readonly siteId: string }) {
  const id = useId()
  const send = useSendToGraph()
  const recent = useRef<HTMLInputElement>(null)
  const earlier = useRef<HTMLInputElement>(null)
  const [imported, setImported] = useState<readonly ImportedExportFragment[]>([])
  const { submit, problem, isBusy } = useSubmit(async () => {
    setImported([])
    const input = {
      siteId,
      recentFile: await base64Of(recent.current, maxFileSize),
      earlierFile: await base64Of(earlier.current, maxFileSize),
    }
    const { searchImport } = await send(SearchImportDocument, { input })
    setImported([present(searchImport.recent), present(searchImport.earlier)])
  })
  return (
    <form class="panel fields" aria-labelledby={id} onSubmit={submit}>
      <h2 id={id}>{texts.importSearchConsolesExports}</h2>
      <p class="hint">{texts.withTwoExportsFindings}</p>
      <FileField label={texts.lastDaysZip} accept=".zip,.csv" field={recent} />
      <FileField label={texts.daysBeforeZip} accept=".zip,.csv" field={earlier} />
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <div class="save">
        <button type="submit" disabled={isBusy}>
          {texts.import}
        </button>
        <span role="status">
          {imported.length > 0 && texts.siteIsAnalysedNow(imported.map(textOf).join(' '))}
        </span>
      </div>
    </form>
  )
}

function textOf({ firstDay, lastDay, countries, unknownNames }: ImportedExportFragment): string {
  const left = unknownNames.length === 0 ? '' : texts.leftOut(unknownNames.join(', '))
  return texts.importedCountries(countries, firstDay, lastDay, left)
}
