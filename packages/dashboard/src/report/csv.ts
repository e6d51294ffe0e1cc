/** A cell of a CSV file; null is empty. */
export type CsvCell = string | number | null

/**
 * Returns a CSV file (RFC 4180). A text that a spreadsheet would run as a formula gets an apostrophe before it: titles and
 * addresses come from other people.
 */
export function csvText(header: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return [header, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('')
}

function csvCell(cell: CsvCell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const inert = /^\s*[=+\-@\t\r|%]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}
