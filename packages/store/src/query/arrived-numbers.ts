/** SQL of how many different numbers of each view came in, of the cells that a condition over `arrivals` chooses. */
export function numbersOf(cells: string): string {
  return `SELECT site AS of_site, cell AS of_cell, view_hash AS of_hash, uniqExact(sequence) AS numbers
  FROM arrivals WHERE ${cells} GROUP BY of_site, of_cell, of_hash`
}
