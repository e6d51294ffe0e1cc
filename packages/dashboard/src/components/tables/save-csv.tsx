import { messages } from '../../messages/messages.ts'
import { type CsvCell, csvText } from '../../report/csv.ts'
import { fileName, saveFile } from '../save-file.ts'

interface SaveCsvProps {
  readonly caption: string
  readonly csv: () => { readonly header: readonly string[]; readonly rows: readonly (readonly CsvCell[])[] }
}

/** Saves a table as CSV. The byte order mark makes spreadsheets read UTF-8. */
export function SaveCsv({ caption, csv }: SaveCsvProps) {
  const save = () => {
    const { header, rows } = csv()
    saveFile(fileName(caption, 'csv'), new Blob(['\uFEFF', csvText(header, rows)], { type: 'text/csv' }))
  }
  const { tables } = messages
  return (
    <button type="button" class="quiet save-csv" aria-label={tables.saveCsv(caption)} onClick={save}>
      {tables.csv}
    </button>
  )
}
