import { messages } from '../../messages/messages.ts'
import { type CsvCell, csvText } from '../../report/csv.ts'
import { useChange } from '../../session/use-change.ts'
import { fileName, saveFile } from '../save-file.ts'

/** A table for a CSV file. */
export interface CsvTable {
  readonly header: readonly string[]
  readonly rows: readonly (readonly CsvCell[])[]
}

interface SaveCsvProps {
  readonly caption: string
  readonly csv: () => CsvTable | Promise<CsvTable>
}

/** Saves a table as CSV. The byte order mark makes spreadsheets read UTF-8. */
export function SaveCsv({ caption, csv }: SaveCsvProps) {
  const { make, problem, isBusy } = useChange()
  const save = () =>
    make(async () => {
      const { header, rows } = await csv()
      saveFile(fileName(caption, 'csv'), new Blob(['\uFEFF', csvText(header, rows)], { type: 'text/csv' }))
    })
  const { tables } = messages
  return (
    <div class="save-csv">
      {problem !== null && (
        <span class="bad" role="alert">
          {problem}
        </span>
      )}
      <button
        type="button"
        class="quiet"
        aria-label={tables.saveCsv(caption)}
        aria-busy={isBusy}
        onClick={save}
      >
        {tables.csv}
      </button>
    </div>
  )
}
