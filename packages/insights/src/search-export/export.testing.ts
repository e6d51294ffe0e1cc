import { strToU8, zipSync } from 'fflate'

/** Figures of a country in an export. */
export type ExportedCountry = readonly [name: string, clicks: number, impressions: number, position: number]

/** Returns the table of countries as Search Console writes it in English. */
export function countriesTable(countries: readonly ExportedCountry[]): string {
  return [
    'Country,Clicks,Impressions,CTR,Position',
    ...countries.map(([name, clicks, impressions, position]) => {
      const ctr = impressions === 0 ? 0 : (100 * clicks) / impressions
      return `${name},${clicks},${impressions},${Number(ctr.toFixed(2))}%,${position}`
    }),
    '',
  ].join('\n')
}

/** Returns the table of days of an export, the last day first. */
export function daysTable(firstDay: string, days: number): string {
  const rows = Array.from({ length: days }, (_, i) => {
    const day = new Date(Date.parse(firstDay) + i * 86_400_000).toISOString().slice(0, 10)
    return `${day},10,1000,1%,8.5`
  })
  return ['Date,Clicks,Impressions,CTR,Position', ...rows.toReversed(), ''].join('\n')
}

/** Returns the zip that Search Console exports, with the tables that hold nothing about countries. */
export function exportZip(tables: Readonly<Record<string, string>>): Uint8Array {
  const others = {
    'Queries.csv': 'Top queries,Clicks,Impressions,CTR,Position\ngarden,1,100,1%,3.2\n',
    'Pages.csv': 'Top pages,Clicks,Impressions,CTR,Position\nhttps://garden.example/,1,100,1%,3.2\n',
    'Devices.csv': 'Device,Clicks,Impressions,CTR,Position\nMobile,1,100,1%,3.2\n',
    'Search appearance.csv': 'Search Appearance,Clicks,Impressions,CTR,Position\n',
    'Filters.csv': 'Filter,Value\nSearch type,Web\nDate,Last 28 days\n',
  }
  const files = { ...others, ...tables }
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])))
}
