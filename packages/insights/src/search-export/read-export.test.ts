import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { strToU8, zipSync } from 'fflate'
import { countriesTable, daysTable, exportZip } from './export.testing.ts'
import { readExport } from './read-export.ts'

const days = { firstDay: '2026-02-02', lastDay: '2026-03-01' }
const read = (content: string | Uint8Array, given: typeof days | null = days) => {
  const bytes = typeof content === 'string' ? strToU8(content) : content
  return readExport({ name: 'export', bytes, days: given })
}
const header = 'Country,Clicks,Impressions,CTR,Position'

describe('an export of Search Console', () => {
  test('is a zip with countries and days, among other tables', () => {
    const zip = exportZip({
      'Countries.csv': countriesTable([
        ['Germany', 40, 1000, 4.5],
        ['Côte d’Ivoire', 0, 20, 31.25],
        ['Unknown Region', 1, 7, 60],
      ]),
      'Chart.csv': daysTable('2026-02-02', 28),
    })
    assert.deepEqual(read(zip, null), {
      ...days,
      countries: [
        { country: 'DE', clicks: 40, impressions: 1000, position: 4.5 },
        { country: 'CI', clicks: 0, impressions: 20, position: 31.25 },
        { country: 'ZZ', clicks: 1, impressions: 7, position: 60 },
      ],
      unknownNames: [],
    })
  })

  test('has headers, names and file names of any language', () => {
    const zip = exportZip({
      'Länder.csv':
        'Land,Klicks,Impressionen,CTR,Position\nDeutschland,40,1000,4%,"4,5"\nVereinigte Staaten,1,50,2 %,"12,75"\n',
      'Diagramm.csv': daysTable('2026-02-02', 28).replace('Date', 'Datum'),
    })
    const { countries, ...rest } = read(zip, null)
    assert.deepEqual(countries, [
      { country: 'DE', clicks: 40, impressions: 1000, position: 4.5 },
      { country: 'US', clicks: 1, impressions: 50, position: 12.75 },
    ])
    assert.deepEqual(rest, { ...days, unknownNames: [] })
    const japanese = read('国,クリック数,表示回数,CTR,掲載順位\n日本,3,30,10%,2\nアメリカ合衆国,1,2,50%,1\n')
    assert.deepEqual(
      japanese.countries.map(({ country }) => country),
      ['JP', 'US'],
    )
  })

  test('may be a single table, saved again by a spreadsheet: BOM, semicolons, tabs, grouped numbers, UTF-16', () => {
    const expected = [{ country: 'FR', clicks: 1234, impressions: 1_234_567, position: 3.5 }]
    const semicolons = '\uFEFFPays;Clics;Impressions;CTR;Position\r\nFrance;1 234;1.234.567;0,1 %;3,5\r\n'
    assert.deepEqual(read(semicolons).countries, expected)
    assert.deepEqual(read(semicolons.replaceAll(';', '\t')).countries, expected)
    assert.deepEqual(read(Buffer.from(semicolons, 'utf16le')).countries, expected)
  })

  test('has no position where there were no impressions, and names of one country are added', () => {
    const table = `${header}\nTurkey,2,100,2%,10\nTürkiye,4,300,1.3%,6\nMalta,0,0,0%,0\n`
    assert.deepEqual(read(table).countries, [
      { country: 'TR', clicks: 6, impressions: 400, position: 7 },
      { country: 'MT', clicks: 0, impressions: 0, position: null },
    ])
  })

  test('names that are no country’s are reported and left out', () => {
    const table = `${header}\nGermany,2,100,2%,10\nFrance,2,100,2%,10\nAtlantis,4,300,1.3%,6\n`
    const { countries, unknownNames } = read(table)
    assert.deepEqual([countries.length, unknownNames], [2, ['Atlantis']])
  })
})

describe('refused as an export', () => {
  const rows = (row: string) => `${header}\nFrance,1,10,10%,1\nGermany,1,10,10%,1\n${row}\n`
  const bad: Record<string, readonly [content: string | Uint8Array, why: RegExp]> = {
    'an empty file': ['', /no table of countries/],
    'a header alone': [`${header}\n`, /no table of countries/],
    'a table of queries': [
      'Top queries,Clicks,Impressions,CTR,Position\ngarden,1,10,10%,1\n',
      /no table of count/,
    ],
    'a page of HTML': ['<!doctype html><p>Sign in</p>', /no table of countries/],
    'a comparison': [
      'Country,Last 28 days Clicks,Previous 28 days Clicks,Last 28 days CTR,Previous 28 days CTR,x,y\nFrance,1,2,3%,4%,5,6\n',
      /7 columns.*without a comparison/,
    ],
    'a row with a missing column': [rows('Italy,1,10,10%'), /row 4 has 4 columns/],
    'a formula in place of a name': [rows('=HYPERLINK(A1),1,10,10%,1'), /row 4 has a formula/],
    'a formula in place of a number': [rows('Italy,=1+1,10,10%,1'), /row 4 has a formula/],
    'a formula behind a sign': [rows('@SUM(A1),1,10,10%,1'), /row 4 has a formula/],
    'a negative number': [rows('Italy,-1,10,10%,1'), /"-1" as its clicks/],
    'a fraction of clicks': [rows('Italy,1.5,10,10%,1'), /"1.5" as its clicks/],
    'more clicks than impressions': [rows('Italy,11,10,10%,1'), /more clicks than impressions/],
    'a huge number': [rows(`Italy,1,${'9'.repeat(400)},10%,1`), /as its impressions/],
    'a text as a rate': [rows('Italy,1,10,often,1'), /"often" as its CTR/],
    'a text as a position': [rows('Italy,1,10,10%,NaN'), /"NaN" as its position/],
    'an open quote': [`${header}\nFrance,1,10,10%,1\n"Germany,1,10,10%,1\n`, /no table of c/],
    'a row of 100,000 characters': [rows('x'.repeat(100_000)), /no table of c/],
    'bytes that are no text': [Uint8Array.of(0xc3, 0x28, 0x0a), /not in UTF-8/],
    'a damaged zip': [exportZip({}).slice(0, 60), /damaged zip/],
    'days that do not exist': [
      exportZip({
        'Countries.csv': rows('Italy,1,10,10%,1'),
        'Chart.csv': daysTable('2026-02-02', 3).replace('2026-02-03', '2026-02-30'),
      }),
      /"2026-02-30" in place of a day/,
    ],
  }
  for (const [what, [content, why]] of Object.entries(bad)) {
    test(`${what}: the message says why`, () => {
      assert.throws(() => read(content), { name: 'InsightsError', code: 'bad-export', message: why })
    })
  }

  test('a table without its days, unless they are given', () => {
    assert.throws(() => read(rows('Italy,1,10,10%,1'), null), {
      code: 'bad-export',
      message: /of which days/,
    })
    assert.equal(read(rows('Italy,1,10,10%,1')).firstDay, days.firstDay)
  })

  test('a million rows, none of which is parsed', () => {
    const million = `${header}\n${'France,1,10,10%,1\n'.repeat(1_000_000)}`
    assert.throws(() => read(million), { code: 'bad-export', message: /longer than any table/ })
    const thousand = `${header}\n${'France,1,10,10%,1\n'.repeat(1001)}`
    assert.throws(() => read(thousand), { code: 'bad-export', message: /more than 1000 rows/ })
  })

  test('a zip that grows, and one of many tables', () => {
    const large = zipSync({ 'Countries.csv': new Uint8Array(5 * 1024 ** 2) })
    assert.ok(large.length < 100_000)
    assert.throws(() => read(large), { code: 'bad-export', message: /larger tables/ })
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`${i}.csv`, strToU8(header)]))
    assert.throws(() => read(zipSync(many)), { code: 'bad-export', message: /more or larger tables/ })
  })
})
