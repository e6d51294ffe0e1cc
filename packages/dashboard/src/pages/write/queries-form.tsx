import { useId, useRef, useState } from 'preact/hooks'
import { Field } from '../../components/field.tsx'
import { base64Of, FileField } from '../../components/file-field.tsx'
import { SearchQueriesImportDocument } from '../../generated/graphql.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'

/** bytes */
const maxFileSize = 700 * 1024

/** A form for the queries of Search Console, of all countries or of one. */
export function QueriesForm({ siteId }: { readonly siteId: string }) {
  const id = useId()
  const send = useSendToGraph()
  const file = useRef<HTMLInputElement>(null)
  const [imported, setImported] = useState<number | null>(null)
  const { submit, problem, isBusy } = useSubmit(async (field) => {
    setImported(null)
    const input = {
      siteId,
      queriesFile: await base64Of(file.current, maxFileSize),
      region: field('country') || null,
    }
    const { searchQueriesImport } = await send(SearchQueriesImportDocument, { input })
    setImported(searchQueriesImport.queryCount)
  })
  return (
    <form class="panel fields" aria-labelledby={id} onSubmit={submit}>
      <h2 id={id}>What people search</h2>
      <p class="hint">
        In Search Console open Performance, choose the last 28 days, and export as CSV. With a filter by
        country, briefs for that country know what its readers search. The import on the Search page has the
        queries of all countries already.
      </p>
      <FileField label="The export (zip)" accept=".zip" field={file} />
      <Field
        label="Country of the filter"
        name="country"
        type="text"
        autoComplete="off"
        required={false}
        maxLength={2}
        hint="Such as FR. Empty: the export has no filter."
      />
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <div class="save">
        <button type="submit" disabled={isBusy}>
          Import queries
        </button>
        <span role="status">{imported !== null && `Imported ${imported} queries.`}</span>
      </div>
    </form>
  )
}
