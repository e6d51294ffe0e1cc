import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Session } from 'chdb'
import { onCluster } from './cluster-connection.ts'
import { clusterStatements } from './cluster-statements.ts'
import type { Connection } from '../connection.ts'
import { insertFromFile } from '../embedded/insert-from-file.ts'
import { insertBody } from '../../ingest/insert-body.ts'
import { Removed } from '../../retention/removed.ts'
import { migrate } from '../../schema/migrate.ts'
import { migrations } from '../../schema/migrations.ts'
import { createRemovals } from '../../retention/removals.ts'
import { createRetention } from '../../retention/retention.ts'
import { quoted } from '../../model/quoted.ts'
import { ndjson, sampleRows } from '../../random-rows.testing.ts'
import { siteTables } from '../../model/site-tables.ts'
import { StoreError } from '../../store-error.ts'

const cluster = 'two-by-two'
const database = 'default'

/** A cluster whose nodes cannot be reached: Distributed tables can be created and changed, but not queried. */
const configuration = `<clickhouse><remote_servers><${cluster}>
  ${'<shard><replica><host>127.0.0.1</host><port>1</port></replica></shard>'.repeat(2)}
</${cluster}></remote_servers></clickhouse>`

describe('statements on a cluster', { timeout: 120_000 }, () => {
  let directory: string
  let session: Session
  /** All of the store's statements about tables, in the form for a cluster. */
  const statements: string[] = []

  /**
   * Runs statements on one node, without ON CLUSTER and replication, which need other nodes. The engine checks the
   * rest.
   */
  const node: Connection = {
    query: async (sql, parameters) => {
      const answered = sql.replace(/clusterAllReplicas\('[^']*', ([\w.]+)\)/g, '$1')
      const text = answered.replaceAll(/\bFROM (?!system\b)(\w+)/g, 'FROM $1_shard')
      const result = await session.queryBindAsync(text, { ...parameters }, { format: 'JSONEachRow' })
      const lines = result.text().split('\n')
      return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>)
    },
    command: async (sql) => {
      statements.push(sql)
      const alone = sql
        .replace(/ ON CLUSTER '[^']*'/, '')
        .replace(/Replicated(\w*MergeTree)\('[^']*', '\{replica\}'(?:, )?/, '$1(')
        .replaceAll('replicated_deduplication_window', 'non_replicated_deduplication_window')
      if (!sql.startsWith('INSERT')) await session.queryAsync(alone)
    },
    insert: async (insertion) => {
      const body = await insertBody(insertion, new Removed())
      if (body === null) return
      const { into, format, bytes } = body
      const shard = into.replace(insertion.table, `${insertion.table}_shard`)
      if (format === 'JSONEachRow') await session.insert({ table: shard, values: bytes, format })
      else {
        const path = join(directory, 'rows.native')
        await writeFile(path, bytes)
        await session.queryAsync(insertFromFile(shard, path, insertion.token))
      }
    },
    keepOut: async () => undefined,
    health: () => ({ state: 'ready', answeredMsAgo: 0 }),
    parquet: () => Promise.reject(new Error('not here')),
    close: async () => session.close(),
  }
  const connection = onCluster(node, cluster)

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'cluster-'))
    const file = join(directory, 'cluster.xml')
    await writeFile(file, configuration)
    session = new Session(join(directory, 'store'), { connectionArgs: [`--config-file=${file}`] })
    await migrate(connection, migrations)
    await createRetention(connection, 400).apply()
    await connection.insert({ table: 'snapshots', rows: ndjson(sampleRows(100)), token: 'a' })
    await createRemovals(connection).removeSite('aaaaaaaaaaaaaaaa')
  })
  after(async () => {
    session.close()
    await rm(directory, { recursive: true, force: true })
  })

  const values = async (sql: string) => (await session.queryAsync(sql, { format: 'TSVRaw' })).text().trim()

  test("the engine's parser accepts every statement", async () => {
    assert.ok(statements.length > 2 * migrations.length)
    for (const statement of statements) {
      const tree = await values(`EXPLAIN AST ${statement}`)
      assert.match(tree, /^(Create|Alter|Drop|Insert)Query/, statement)
      const read = await values(`SELECT formatQuerySingleLine(${quoted(statement)})`)
      if (!statement.startsWith('INSERT')) assert.match(read, /ON CLUSTER `two-by-two`/, statement)
    }
    await assert.rejects(values("EXPLAIN AST CREATE TABLE t ON CLUSTER (a UInt8) ENGINE = Distributed('c'"))
  })

  test('each table is replicated within its shard, and a Distributed table in front of it has its columns', async () => {
    const expected = new Set<string>()
    for (const statement of migrations.flatMap((step) => step.statements)) {
      const [, verb, table = ''] = /^\s*(CREATE|DROP) TABLE IF (?:NOT )?EXISTS (\w+)/.exec(statement) ?? []
      if (verb === 'CREATE') expected.add(table)
      if (verb === 'DROP') expected.delete(table)
    }
    for (const { name } of siteTables) assert.ok(expected.has(name), name)
    for (const table of expected) {
      const path = `'/clickhouse/tables/{shard}/{database}/${table}_shard', '{replica}'`
      assert.ok(
        statements.some((statement) => statement.includes(`Replicated`) && statement.includes(path)),
        table,
      )
      const columns = (of: string) =>
        values(`SELECT name, type, default_kind FROM system.columns
          WHERE database = 'default' AND table = '${of}' ORDER BY position FORMAT TSV`)
      assert.equal(await columns(table), await columns(`${table}_shard`))
      assert.equal(await values(`SELECT engine FROM system.tables WHERE name = '${table}'`), 'Distributed')
    }
  })

  test('codecs are set on the tables of the shards', () => {
    const altered = statements.flatMap(
      (statement) => /^ALTER TABLE (\S+) .*\sMODIFY COLUMN \w+ CODEC/s.exec(statement)?.[1] ?? [],
    )
    assert.ok(altered.length > 0)
    for (const table of altered) assert.match(table, /_shard$/)
  })

  test('all rows of a view are on one shard, in every table that has views', async () => {
    for (const { name, key } of siteTables) {
      const engine = await values(`SELECT engine_full FROM system.tables WHERE name = '${name}'`)
      const of = key?.row === 'view' ? ', cityHash64(site, view)' : key === null ? ', cityHash64(site)' : ''
      assert.equal(engine, `Distributed('${cluster}', 'default', '${name}_shard'${of})`)
    }
  })

  test('other tables are sharded by the first column of their order', async () => {
    const engine = await values("SELECT engine_full FROM system.tables WHERE name = 'migrations'")
    assert.match(engine, /cityHash64\(id\)/)
  })

  test('arrivals are written on the shard of the snapshots, and a removed site is deleted on the shards', async () => {
    const sites = (table: string) => values(`SELECT DISTINCT site FROM ${table}_shard`)
    assert.equal(await sites('snapshots'), 'bbbbbbbbbbbbbbbb')
    assert.equal(await sites('arrivals'), 'bbbbbbbbbbbbbbbb')
  })

  test('the checksum of a schema step is that of the text for one node', async () => {
    const checksum = (texts: readonly string[]) =>
      createHash('sha256').update(texts.join(';\n')).digest('hex')
    const remembered = await values('SELECT checksum FROM migrations_shard FINAL ORDER BY id')
    assert.deepEqual(
      remembered.split('\n'),
      migrations.map((step) => checksum(step.statements)),
    )
  })

  test('a statement without a form for a cluster is refused', () => {
    for (const statement of [
      'RENAME TABLE a TO b',
      'CREATE TABLE IF NOT EXISTS a (b UInt8) ENGINE = Memory',
      'CREATE MATERIALIZED VIEW a ENGINE = MergeTree ORDER BY b AS SELECT b FROM c',
      'CREATE TABLE a (b UInt8) ENGINE = MergeTree ORDER BY b',
      'DROP TABLE a',
      'ALTER USER default',
    ]) {
      assert.throws(
        () => clusterStatements(statement, { cluster, database }),
        (error) => error instanceof StoreError && error.code === 'query-failed',
        statement,
      )
    }
  })
})
