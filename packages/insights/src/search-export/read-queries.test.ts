import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { strToU8 } from 'fflate'
import { countriesTable, daysTable, exportZip } from './export.testing.ts'
import { readQueries } from './read-queries.ts'

const days = { firstDay: '2026-02-02', lastDay: '2026-03-01' }
const countries = countriesTable([['Germany', 40, 1000, 4.5]])
const tables = { 'Countries.csv': countries, 'Chart.csv': daysTable('2026-02-02', 28) }
const header = 'Top queries,Clicks,Impressions,CTR,Position'

describe('the queries of an export', () => {
  const read = (bytes: Uint8Array, given: typeof days | null = null, region: string | null = null) =>
    readQueries({ name: 'export', bytes, days: given }, region)

  test('are found in the zip by the name of their table', () => {
    const zip = exportZip({
      ...tables,
      'Queries.csv': `${header}\nmoss,1,90,1.1%,12.5\n=moss+roof,0,9,0%,30\n`,
    })
    assert.deepEqual(read(zip), {
      ...days,
      region: null,
      queries: [
        { query: 'moss', clicks: 1, impressions: 90, position: 12.5 },
        { query: '=moss+roof', clicks: 0, impressions: 9, position: 30 },
      ],
    })
  })

  test('are found under any name, and not mistaken for devices, pages or countries', () => {
    const rows = Array.from({ length: 20 }, (_, i) => `hakuna ${i},0,${i},0%,8`).join('\n')
    const zip = exportZip({ ...tables, 'Queries.csv': `${header}\n`, 'Hoja.csv': `${header}\n${rows}\n` })
    assert.equal(read(zip)?.queries.length, 20)
    assert.equal(read(exportZip({ ...tables, 'Queries.csv': `${header}\n` })), null)
  })

  test('may be a table alone, of one country, with its days beside it', () => {
    const table = strToU8(`${header}\nmousse,1,90,1.1%,12.5\nmousse,2,80,1.1%,12.5\n`)
    assert.deepEqual(read(table, days, 'FR'), {
      ...days,
      region: 'FR',
      queries: [{ query: 'mousse', clicks: 1, impressions: 90, position: 12.5 }],
    })
    assert.throws(() => read(table), { code: 'bad-export' })
    assert.throws(() => read(strToU8(`${header}\nmoss,nine,90,1%,1\n`), days), { code: 'bad-export' })
  })
})
