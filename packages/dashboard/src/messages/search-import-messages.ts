/** Texts of the import of Search Console’s exports. */
export const searchImportMessages = {
  searchImport: {
    importSearchConsolesExports: 'Import Search Console’s exports',
    withTwoExportsFindings:
      'With two exports, findings know whether a region is shown or clicked less. In Search Console open Performance, choose the last 28 days, and export as CSV; then the 168 days before. Any language does.',
    lastDaysZip: 'The last 28 days (zip)',
    daysBeforeZip: 'The 168 days before (zip)',
    import: 'Import',
    siteIsAnalysedNow: (value: string) => `${value} The site is analysed now.`,
    leftOut: (value: string) => ` (left out: ${value})`,
    importedCountries: (countries: number, firstDay: string, lastDay: string, left: string) =>
      `Imported ${countries} countries of ${firstDay} to ${lastDay}${left}.`,
  },
} as const
