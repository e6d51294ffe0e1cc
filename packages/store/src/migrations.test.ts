import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { connectEmbedded } from './embedded/embedded-connection.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations.ts'
import { openStore } from './open-store.ts'
import { ndjson, range, sampleRows } from './random-rows.testing.ts'
import { countingRows, recompute, rounded } from './recomputation.testing.ts'
import { rowTime } from './view-row.ts'

const site = 'aaaaaaaaaaaaaaaa'
const question = { site, ...range }
/** What a row of the first version had. */
const firstColumns = `
  site view sequence started_at received_at url post arm country device browser navigation referrer
  connection lcp inp cls fcp ttfb load has_delivery assets_complete assets_failed bytes_peer
  bytes_seed bytes_mirror bytes_origin bytes_cache wrong_bytes rejected_chunks dropped_peers fallbacks
  peers uploaded engaged_ms scroll_depth`
  .trim()
  .split(/\s+/)

test(
  'a directory of the first version keeps its figures, and takes rows of that version still waiting in a log',
  { timeout: 60_000 },
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'migrations-'))
    const rows = sampleRows(60).map((row) => ({ ...row, site, started_at: rowTime(+range.from) }))
    const lines = rows.map((row) => JSON.stringify(row, firstColumns))
    const batch = (from: number, to: number) => Buffer.from(`${lines.slice(from, to).join('\n')}\n`)
    try {
      const first = await connectEmbedded(directory, { queryTime: 30_000, memory: 2 * 1024 ** 3 })
      await migrate(first, migrations.slice(0, 1))
      await first.insert({ table: 'views', rows: batch(0, 40), token: 'then' })
      await first.close()

      const store = await openStore({ directory })
      try {
        await store.insertViews(batch(40, 60), 'waiting')
        const expected = countingRows(rows, question)
        assert.deepEqual(rounded(await store.totals(question)), recompute(expected))
        // What came in before arrivals were kept is left out, not taken for lost.
        assert.ok((await store.arrivals(question)).sent < expected.length * 3)
        const [unknown, ...others] = await store.breakdown(question, 'referrer_class', 10)
        assert.deepEqual([unknown?.key, unknown?.metrics.views, others], [null, expected.length, []])
        const later = { ...rows[0]!, sequence: 9, referrer_class: 'search' as const }
        await store.insertViews(ndjson([later]), 'now')
        const known = await store.breakdown(question, 'referrer_class', 10)
        assert.deepEqual(
          known.map(({ key, metrics }) => [key, metrics.views]),
          [
            [null, expected.length - 1],
            ['search', 1],
          ],
        )
      } finally {
        await store.close()
      }
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  },
)
