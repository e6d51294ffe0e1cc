import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { connectEmbedded } from '../../engine/embedded/embedded-connection.ts'
import { bringEmbeddedUpToDate } from '../../schema/bring-up-to-date.ts'
import { metricPaths, rollupColumns, selectionOf, wholeSelection } from './catalogue.ts'

test('no two figures and no two measures share a name', () => {
  const { figures, measures } = wholeSelection
  const names = [...figures, ...measures].map(({ name }) => name)
  assert.deepEqual(names, [...new Set(names)])
})

test('a selection has what its metrics need and nothing else', () => {
  const namesIn = (...paths: Parameters<typeof selectionOf>[0]) => {
    const { figures, measures } = selectionOf(paths)
    return [figures.map(({ name }) => name), measures.map(({ name }) => name)]
  }
  assert.deepEqual(namesIn(), [['view_count'], []])
  assert.deepEqual(namesIn('speed.lcp'), [['view_count'], ['lcp']])
  assert.deepEqual(namesIn('apdex', 'ratings.lcp'), [
    ['view_count', 'lcp_good', 'tolerated_views', 'lcp_poor'],
    ['lcp'],
  ])
  assert.deepEqual(namesIn('no.metric; DROP TABLE snapshots' as (typeof metricPaths)[number]), namesIn())
})

test('the rollups have a column for all that metrics need, and no other', { timeout: 60_000 }, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'catalogue-'))
  try {
    const connection = await connectEmbedded(directory, { queryTime: 30_000, memory: 2 * 1024 ** 3 })
    try {
      await bringEmbeddedUpToDate(connection)
      const keys = ['site', 'slice', 'known', 'key', 'arm', 'hour', 'day', 'cell', 'generation']
      const arrivals = ['sent_snapshots', 'received_snapshots']
      for (const table of ['hours', 'days']) {
        const rows = await connection.query(
          'SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = {table:String}',
          { table },
        )
        const columns = rows.map(({ name, type }) => [String(name), String(type)] as const)
        assert.deepEqual(
          new Map(columns.filter(([name]) => ![...keys, ...arrivals].includes(name))),
          new Map(rollupColumns),
          table,
        )
      }
    } finally {
      await connection.close()
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})
