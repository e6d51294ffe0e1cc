import { quoted } from '../../model/quoted.ts'
import { StoreError } from '../../store-error.ts'

/** Where the tables of a cluster are. */
export interface ClusterDatabase {
  readonly cluster: string
  /** The same name on all nodes. */
  readonly database: string
}

/**
 * What a statement about tables, written for one node, is on a cluster: every table `x` becomes `x_shard`, replicated
 * within each shard, and `x` itself the Distributed table in front of them that rows and queries go to. All rows of a
 * view lie on one shard, so that `FINAL` and joins by view see all of it wherever they run. Statements about rows (INSERT)
 * are the same.
 * @throws {StoreError} `query-failed` for a statement that has no such form
 */
export function clusterStatements(statement: string, place: ClusterDatabase): string[] {
  const [verb = ''] = /^\s*(?:[A-Z]+ )?[A-Z]+/.exec(statement) ?? []
  const form = forms[verb.trim()]
  if (form === undefined) {
    throw new StoreError('query-failed', `no form for a cluster: ${statement.trim().slice(0, 80)}`)
  }
  return form(statement.trim(), place)
}

type Form = (statement: string, place: ClusterDatabase) => string[]

/** The name of the table that holds a node's part of the rows. */
function shardOf(table: string): string {
  return `${table}_shard`
}

/** A table as every node knows it, whatever database it takes for its own. */
function inDatabase(table: string, { database }: ClusterDatabase): string {
  return `\`${database}\`.${table}`
}

function onCluster(table: string, place: ClusterDatabase): string {
  return `${inDatabase(table, place)} ON CLUSTER ${quoted(place.cluster)}`
}

const forms: Readonly<Record<string, Form>> = {
  'CREATE TABLE': createTable,
  'CREATE MATERIALIZED': createMaterializedView,
  'ALTER TABLE': alterTable,
  'DROP TABLE': (statement, place) => {
    const table = nameIn(statement, /^DROP TABLE IF EXISTS (\w+)$/)
    return [table, shardOf(table)].map((name) => `DROP TABLE IF EXISTS ${onCluster(name, place)} SYNC`)
  },
  'OPTIMIZE TABLE': (statement, place) => {
    const table = nameIn(statement, /^OPTIMIZE TABLE (\w+)/)
    return [statement.replace(table, onCluster(shardOf(table), place))]
  },
  'INSERT INTO': (statement) => [statement],
}

/** One path for each shard of each table; the same for all replicas of it. */
const path = '/clickhouse/tables/{shard}/{database}/'

function createTable(statement: string, place: ClusterDatabase): string[] {
  const table = nameIn(statement, /^CREATE TABLE IF NOT EXISTS (\w+)/)
  const shard = shardOf(table)
  const isPlain = /\bENGINE = \w*MergeTree\b/.test(statement)
  if (!isPlain)
    throw new StoreError('query-failed', `${table} is no MergeTree, which has no form for a cluster`)
  const create = statement
    .replace(/^CREATE TABLE IF NOT EXISTS \w+(?: AS (\w+))?/, (_, like?: string) => {
      const columns = like === undefined ? '' : ` AS ${inDatabase(shardOf(like), place)}`
      return `CREATE TABLE IF NOT EXISTS ${onCluster(shard, place)}${columns}`
    })
    .replace(/\bENGINE = (\w*)MergeTree\b(?:\(([^()]*)\))?/, (_, kind: string, version = '') => {
      const parameters = [
        quoted(`${path}${shard}`),
        quoted('{replica}'),
        ...(version === '' ? [] : [version]),
      ]
      return `ENGINE = Replicated${kind}MergeTree(${parameters.join(', ')})`
    })
    .replaceAll('non_replicated_deduplication_window', 'replicated_deduplication_window')
  return [
    create,
    `CREATE TABLE IF NOT EXISTS ${onCluster(table, place)} AS ${inDatabase(shard, place)}
ENGINE = Distributed(${[...[place.cluster, place.database, shard].map(quoted), ...shardingKey(statement)].join(', ')})`,
  ]
}

/**
 * Rows that may stand for each other, and all of a view, must meet: by the view where the order names one. Rows that tell
 * no more of a view than its hash are written where its others are, by a materialized view, and cannot be brought there.
 */
function shardingKey(statement: string): string[] {
  const columns = nameIn(statement, /\bORDER BY (\(.*\)|\w+)/)
  if (/\bview_hash\b/.test(columns)) return []
  if (/\bview\b/.test(columns)) return ['cityHash64(site, view)']
  return [`cityHash64(${nameIn(columns, /^\(?(\w+)/)})`]
}

/** It runs where its rows are written, and writes there: both tables are sharded alike. */
function createMaterializedView(statement: string, place: ClusterDatabase): string[] {
  const form = /^CREATE MATERIALIZED VIEW IF NOT EXISTS (\w+) TO (\w+) AS\b(.*)$/s.exec(statement)
  if (form === null) throw new StoreError('query-failed', 'a view without a table has no form for a cluster')
  const [, view = '', target = '', select = ''] = form
  const local = select.replaceAll(
    /\b(FROM|JOIN) (\w+)/g,
    (_, word: string, table: string) => `${word} ${inDatabase(shardOf(table), place)}`,
  )
  return [
    `CREATE MATERIALIZED VIEW IF NOT EXISTS ${onCluster(view, place)} TO ${inDatabase(shardOf(target), place)} AS${local}`,
  ]
}

function alterTable(statement: string, place: ClusterDatabase): string[] {
  const table = nameIn(statement, /^ALTER TABLE (\w+)/)
  const on = (name: string) =>
    statement.replace(/^ALTER TABLE \w+/, () => `ALTER TABLE ${onCluster(name, place)}`)
  // Columns are of both; how rows are kept, and which, is the shards' own.
  const isOfColumns = /^ALTER TABLE \w+\s+(?:ADD|DROP|MODIFY|RENAME|COMMENT) COLUMN\b(?! \w+ CODEC\b)/.test(
    statement,
  )
  return isOfColumns ? [on(shardOf(table)), on(table)] : [on(shardOf(table))]
}

function nameIn(statement: string, pattern: RegExp): string {
  const name = pattern.exec(statement)?.[1]
  if (name === undefined) {
    throw new StoreError('query-failed', `no form for a cluster: ${statement.slice(0, 80)}`)
  }
  return name
}
