import assert from 'node:assert/strict'
import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { connectEmbedded } from '../engine/embedded/embedded-connection.ts'
import { openStore } from '../open-store.ts'
import { ndjson, sampleRows } from '../random-rows.testing.ts'
import type { Store } from '../store.ts'
import type { ViewRow } from '../model/view-row.ts'
import type { FrozenStore } from './freeze-store.ts'
import { restoreStore } from './restore-store.ts'

const limits = { queryTime: 30_000, memory: 2 * 1024 ** 3 }
const sites = ['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb'] as const
const removed = 'cccccccccccccccc'
const query = { site: sites[0], from: new Date(0), to: new Date(4e12), filter: {} }
const tables = [
  'arrivals',
  'bots',
  'days',
  'drops',
  'hours',
  'marks',
  'removals',
  'retention',
  'rolled',
  'search_figures',
  'search_weeks',
  'snapshots',
]

describe('a backup of an embedded store', { timeout: 300_000 }, () => {
  let root: string
  let store: Store
  const rows = sampleRows(4000)
  const original = () => join(root, 'original')

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'store-backup-'))
    store = await open(original())
    for (let i = 0; i < 3; i++) await store.insertViews(ndjson(rows.slice(i * 1000, i * 1000 + 1000)), `${i}`)
    await store.insertViews(ndjson([{ ...rows[0], site: removed } as ViewRow]), 'removed')
    const drop = {
      site: sites[0],
      hour: '2026-03-01 12:00:00',
      reason: 'bot',
      run: rows[0]?.view,
      beacons: 7,
    }
    await store.insertDrops(Buffer.from(`${JSON.stringify(drop)}\n`), 'drops')
    await store.removeSite(removed)
    await store.retain(sites[1], 9000)
    while (!(await store.roll()));
    await store.countSearchWeeks({ site: sites[0], now: new Date('2026-03-20T00:00:00Z') })
  })
  after(async () => {
    await store.close()
    await rm(root, { recursive: true, force: true })
  })

  test('has the state of its moment, whatever is written, rolled up and removed later', async () => {
    await store.close()
    const expected = await contentOf(original())
    store = await open(original())
    const backup = await copied(await store.freeze(), join(root, 'backup'))
    await store.insertViews(ndjson(rows.slice(3000)), 'later')
    await store.removeSite(sites[1])
    while (!(await store.roll()));

    const directory = join(root, 'restored')
    await restoreStore({ directory, ...limits }, { ...backup, sites })
    assert.deepEqual(await contentOf(directory), expected)
    const restored = await open(directory)
    assert.equal(await restored.retention(sites[1]), 9000)
    await restored.insertViews(ndjson([{ ...rows[0], site: removed } as ViewRow]), 'late')
    assert.equal((await restored.totals({ ...query, site: removed })).views, 0)
    await restored.close()
  })

  test('has all rows of an insert or none, with its marks and arrivals', async () => {
    await store.close()
    store = await open(original())
    const write = (i: number) => {
      const some = rows
        .slice(i * 50, i * 50 + 50)
        .map((row) => ({ ...row, site: sites[0], view: otherView(row, i) }))
      return store.insertViews(ndjson(some), `beside ${i}`)
    }
    const writing = [0, 1, 2, 3].map(write)
    const freezing = store.freeze()
    const [frozen] = await Promise.all([freezing, ...writing, ...[4, 5, 6, 7].map(write)])
    const directory = join(root, 'restored-beside')
    await restoreStore({ directory, ...limits }, { ...frozen, sites })
    await frozen.release()
    const restored = await open(directory)
    const exact = await restored.totals(query)
    const arrivals = await restored.arrivals(query)
    while (!(await restored.roll()));
    assert.deepEqual(await restored.totals(query), exact)
    assert.ok(arrivals.received > 0)
    await restored.close()
    assert.deepEqual(await readdir(original()).then((names) => names.includes('shadow')), false)
  })

  test('rows of a site that is not registered are removed, to complete a running removal', async () => {
    const frozen = await store.freeze()
    const directory = join(root, 'restored-without')
    await restoreStore({ directory, ...limits }, { ...frozen, sites: [sites[1]] })
    await frozen.release()
    const restored = await open(directory)
    assert.equal((await restored.totals(query)).views, 0)
    await restored.close()
  })

  test('missing rows and a newer schema are refused', async () => {
    const frozen = await store.freeze()
    const directory = join(root, 'restored-short')
    const rowsOf = { ...frozen.rows, snapshots: (frozen.rows['snapshots'] ?? 0) + 1 }
    const short = restoreStore({ directory, ...limits }, { ...frozen, rows: rowsOf, sites })
    await assert.rejects(short, {
      code: 'query-failed',
      message: /of table snapshots \d+ of \d+ rows could be restored/,
    })
    const newer = restoreStore({ directory, ...limits }, { ...frozen, step: 1000, sites })
    await assert.rejects(newer, { code: 'migration-mismatch', message: /update PeerPress/ })
    await frozen.release()
  })

  test('links of a killed process are removed when the store is opened', async () => {
    await store.freeze()
    await store.close()
    assert.ok((await readdir(original())).includes('shadow'))
    store = await open(original())
    assert.ok(!(await readdir(original())).includes('shadow'))
  })
})

function open(directory: string): Promise<Store> {
  return openStore({ directory, ...limits, rollPause: { hour: 0, day: 0 } })
}

/** Copies the frozen files as a backup does. */
async function copied(frozen: FrozenStore, directory: string): Promise<Omit<FrozenStore, 'release'>> {
  const files = await Promise.all(
    frozen.files.map(async (file) => {
      const path = join(directory, file.table, file.part, file.name)
      await mkdir(dirname(path), { recursive: true })
      await copyFile(file.path, path)
      return { ...file, path }
    }),
  )
  await frozen.release()
  return { ...frozen, files }
}

/** Returns the rows of each table of a closed store. */
async function contentOf(directory: string): Promise<Record<string, unknown>> {
  const engine = await connectEmbedded(directory, limits)
  try {
    const content: Record<string, unknown> = {}
    for (const table of tables) {
      const rows = table === 'removals' ? table : `${table} FINAL`
      const sql = `SELECT count() AS rows, toString(groupBitXor(cityHash64(*))) AS hash FROM ${rows}`
      content[table] = await engine.query(sql, {})
    }
    return content
  } finally {
    await engine.close()
  }
}

function otherView({ view }: ViewRow, run: number): string {
  return `${view.slice(0, -4)}${run}${view.slice(-3)}`
}
