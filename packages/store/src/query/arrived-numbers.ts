/** Returns SQL of the number of distinct snapshots received of each view, in the cells that a condition over `arrivals` selects. */
export function numbersOf(cells: string): string {
  return `SELECT site AS of_site, cell AS of_cell, view_hash AS of_hash, uniqExact(sequence) AS numbers
  FROM arrivals WHERE ${cells} GROUP BY of_site, of_cell, of_hash`
}
