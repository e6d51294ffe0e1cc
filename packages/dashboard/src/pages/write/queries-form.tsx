import { useId, useRef, useState } from 'preact/hooks'
import { Field } from '../../components/field.tsx'
import { base64Of, FileField } from '../../components/file-field.tsx'
import { SearchQueriesImportDocument } from '../../generated/graphql.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'
import { writeMessages } from '../../messages/write-messages.ts'

const texts = writeMessages.queriesForm

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
      <h2 id={id}>{texts.whatPeopleSearch}</h2>
      <p class="hint">{texts.inSearchConsoleOpen}</p>
      <FileField label={texts.exportZip} accept=".zip" field={file} />
      <Field
        label={texts.countryOfFilter}
        name="country"
        type="text"
        autoComplete="off"
        required={false}
        maxLength={2}
        hint={texts.suchAsFrEmpty}
      />
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <div class="save">
        <button type="submit" disabled={isBusy}>
          {texts.importQueries}
        </button>
        <span role="status">{imported !== null && texts.importedQueries(imported)}</span>
      </div>
    </form>
  )
}
