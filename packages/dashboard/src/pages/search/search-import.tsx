import { useId, useRef, useState } from 'preact/hooks'
import { base64Of, FileField } from '../../components/file-field.tsx'
import { type ImportedExportFragment, SearchImportDocument } from '../../generated/graphql.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'
import { present } from '../../session/user-errors.ts'

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
      <h2 id={id}>Import Search Console’s exports</h2>
      <p class="hint">
        With two exports, findings know whether a region is shown or clicked less. In Search Console open
        Performance, choose the last 28 days, and export as CSV; then the 168 days before. Any language does.
      </p>
      <FileField label="The last 28 days (zip)" accept=".zip,.csv" field={recent} />
      <FileField label="The 168 days before (zip)" accept=".zip,.csv" field={earlier} />
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <div class="save">
        <button type="submit" disabled={isBusy}>
          Import
        </button>
        <span role="status">
          {imported.length > 0 && `${imported.map(textOf).join(' ')} The site is analysed now.`}
        </span>
      </div>
    </form>
  )
}

function textOf({ firstDay, lastDay, countries, unknownNames }: ImportedExportFragment): string {
  const left = unknownNames.length === 0 ? '' : ` (left out: ${unknownNames.join(', ')})`
  return `Imported ${countries} countries of ${firstDay} to ${lastDay}${left}.`
}
