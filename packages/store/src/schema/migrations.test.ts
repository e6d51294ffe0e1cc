import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { connectEmbedded } from '../engine/embedded/embedded-connection.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations.ts'
import { openStore } from '../open-store.ts'
import { ndjson, range, sampleRows } from '../random-rows.testing.ts'
import { countingRows, recompute, recomputeArrivals, rounded } from '../recomputation.testing.ts'
import { rowTime, type ViewRow } from '../model/view-row.ts'

const site = 'aaaaaaaaaaaaaaaa'
const query = { site, ...range }
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
        const then = lines.map((line) => JSON.parse(line) as ViewRow)
        const expected = countingRows(then, query)
        assert.deepEqual(rounded(await store.totals(query)), recompute(expected))
        // What came in before arrivals were kept is left out, not taken for lost.
        assert.ok((await store.arrivals(query)).sent < expected.length * 3)
        const [unknown, ...others] = await store.breakdown(query, 'referrer_class', 10)
        assert.deepEqual([unknown?.key, unknown?.metrics.views, others], [null, expected.length, []])
        const later = { ...rows[0]!, sequence: 9, referrer_class: 'search' as const }
        await store.insertViews(ndjson([later]), 'now')
        const known = await store.breakdown(query, 'referrer_class', 10)
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

test(
  'receipts by the ids of views become shorter ones, also when the step was cut off',
  { timeout: 60_000 },
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'receipts-'))
    const rows = sampleRows(200)
    try {
      const then = await connectEmbedded(directory, { queryTime: 30_000, memory: 2 * 1024 ** 3 })
      await migrate(then, migrations.slice(0, 12))
      await then.insert({ table: 'snapshots', rows: ndjson(rows.slice(0, 150)), token: 'then' })
      // All statements ran, and what would have told so was not written.
      for (const statement of migrations[12]!.statements) await then.command(statement)
      await then.close()

      const store = await openStore({ directory })
      try {
        await store.insertViews(ndjson(rows.slice(150)), 'now')
        const expected = recomputeArrivals(rows, query)
        assert.ok(expected.loss! > 0 && expected.loss! < 1)
        assert.deepEqual(await store.arrivals(query), expected)
      } finally {
        await store.close()
      }
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  },
)

test(
  'every column of a row is kept as it was told, and what was left out as not measured',
  { timeout: 60_000 },
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'columns-'))
    const limits = { queryTime: 30_000, memory: 2 * 1024 ** 3 }
    const [sample] = sampleRows(1)
    const experience = {
      sampling: 0.25,
      hidden: true,
      timing_redirect: 0,
      timing_lookup: 1.5,
      timing_connect: 2,
      timing_tls: null,
      timing_request: 3,
      timing_response: 4,
      timing_interactive: 5,
      timing_content_loaded: 6,
      resources: [{ type: 'image' as const, count: 2, cached: 1, duration: 30.5, bytes: 2 ** 33 }],
      long_frames: 0,
      long_frames_duration: 0,
      long_frames_blocking: null,
      script_errors: 1,
      resource_errors: 0,
      error_samples: [{ kind: 'script' as const, text: 'ü "x" is not defined', source: null, line: 3 }],
      interactions: 4,
      copies: 0,
      outbound_clicks: 1,
      download_clicks: 2,
      events: [{ name: 'sign-up', count: 2, value: -0.5 }],
      played_ms: 86_400_000,
      stalled_ms: 0,
      stalls: 0,
      subdivision: 'NL-NH',
      network: 'AS1136 KPN',
      visitor: '18446744073709551615',
    }
    const told: ViewRow = { ...sample!, ...experience, sequence: 3 }
    const without = Object.fromEntries(
      firstColumns.map((column) => [column, told[column as keyof typeof told]]),
    )
    const other = '00000000-0000-7000-8000-000000000001'
    try {
      const store = await openStore({ directory })
      const lines = [told, { ...without, view: other }].map((row) => `${JSON.stringify(row)}\n`)
      await store.insertViews(Buffer.from(lines.join('')), 'both')
      await store.close()
      const connection = await connectEmbedded(directory, limits)
      try {
        // JSON's numbers end at 2^53.
        const names = Object.keys(experience).join(', ').replace('visitor', 'toString(visitor) AS visitor')
        const rows = await connection.query(
          `SELECT view, ${names} FROM snapshots FINAL ORDER BY view = {other:String}`,
          {
            other,
          },
        )
        const [kept, unmeasured] = rows.map(
          (row) => JSON.parse(JSON.stringify(row)) as Record<string, unknown>,
        )
        assert.deepEqual(kept, { view: told.view, ...experience })
        const { view: _, sampling, resources, error_samples: samples, events, ...rest } = unmeasured!
        assert.deepEqual([sampling, resources, samples, events], [1, [], [], []])
        assert.deepEqual(new Set(Object.values(rest)), new Set([null]))
      } finally {
        await connection.close()
      }
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  },
)

for (const { step, lacks } of [
  { step: 13, lacks: 'arrivals' },
  { step: 14, lacks: 'origin load and long frames' },
]) {
  test(`rollups without ${lacks} are computed again`, { timeout: 60_000 }, async () => {
    const directory = await mkdtemp(join(tmpdir(), 'arrived-'))
    const rows = sampleRows(200)
    try {
      const then = await connectEmbedded(directory, { queryTime: 30_000, memory: 2 * 1024 ** 3 })
      await migrate(then, migrations.slice(0, step))
      await then.insert({ table: 'snapshots', rows: ndjson(rows), token: 'then' })
      await then.command(
        `INSERT INTO rolled (site, unit, cell, generation)
  SELECT site, arrayJoin(['hour', 'day']) AS unit, if(unit = 'hour', cell, toStartOfDay(cell)) AS of, sum(writes)
  FROM marks GROUP BY site, unit, of`,
      )
      await then.close()

      const store = await openStore({ directory, exactViews: -1 })
      try {
        for (let again = 0; again < 2; again++) {
          assert.deepEqual(await store.arrivals(query), recomputeArrivals(rows, query))
          const { delivery, speed } = await store.totals(query)
          const expected = recompute(countingRows(rows, query))
          assert.equal(delivery.residualOriginLoad, expected.delivery.residualOriginLoad)
          assert.equal(delivery.bytesSaved, expected.delivery.bytesSaved)
          assert.equal(speed.longFrameTime?.samples, expected.speed.longFrameTime?.samples)
          while (!(await store.roll()));
        }
      } finally {
        await store.close()
      }
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  })
}
