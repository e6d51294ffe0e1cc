import type { ReportServer } from './report-server.ts'

/** Imports queries of a site without pages for them, uploads notes, and has the briefs of today made. */
export async function seedBriefs(
  { insights, editorial }: Pick<ReportServer, 'insights' | 'editorial'>,
  site: string,
): Promise<void> {
  const header = 'Top queries,Clicks,Impressions,CTR,Position'
  const rows = ['remove moss from a slate roof,2,6000,0.03%,18.4', 'when to prune old roses,1,900,0.1%,22']
  const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10)
  await insights.importQueries(site, {
    name: 'Queries.csv',
    bytes: Buffer.from([header, ...rows].join('\n')),
    days: { firstDay: day(28), lastDay: day(1) },
    region: null,
  })
  await editorial.addUpload(site, {
    name: 'prices.csv',
    kind: 'table',
    bytes: Buffer.from(
      'Work,Price,Region\nRemove moss from a slate roof,380 EUR,FR\nPrune an old rose,25 EUR,FR-BRE\n',
    ),
    date: day(1),
    region: null,
    language: 'en',
    by: 'Ada',
  })
  await editorial.makeBriefs(site)
}
