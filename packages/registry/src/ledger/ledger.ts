import type { Database, Sql } from '../engines/database.ts'
import { RegistryError } from '../registry-error.ts'
import { createStandingTables, type StandingTables } from '../standing/standing-tables.ts'
import { canonicalJson, isStorable } from './canonical-json.ts'
import { ChainCheck, type LedgerProblem, macOf } from './chain.ts'
import { HeadFile, type KeyedHead } from './head-file.ts'
import { eraseTexts, insertTexts, readTexts } from './ledger-text.ts'
import {
  emptyHead,
  type LedgerHead,
  type LedgerInput,
  type LedgerRow,
  ledgerRowOf,
  type LedgerText,
  rowColumns,
  type StoredRow,
} from './ledger-row.ts'

/** Which rows are read. */
export interface LedgerRange {
  /** Rows after this position. @default 0 */
  readonly after?: number
  /** At most this many. */
  readonly limit: number
  /** Rows of these kinds only. @default all */
  readonly kinds?: readonly string[]
  /** Rows of this member site only. @default all */
  readonly member?: string
}

/** Which rows are counted. */
export interface LedgerCount {
  readonly kind: string
  readonly member: string
  readonly after: Date
}

/** The result of a check of the whole ledger. */
export interface LedgerCheck {
  /** Rows that were read. */
  readonly rows: number
  /** At most 100, in the order of their rows; none if the ledger is as it was written. */
  readonly problems: readonly LedgerProblem[]
}

/** A transaction that holds the ledger: no other one reads or writes in between. */
export interface LedgerTransaction {
  /**
   * Appends rows with their foreign texts.
   * @throws {RegistryError} `invalid-entry`, `ledger-tampered`
   */
  append(entries: readonly LedgerInput[], texts?: readonly LedgerText[]): Promise<LedgerRow[]>
  /** Returns rows in their order, also those that this transaction appended. */
  read(range: LedgerRange): Promise<LedgerRow[]>
  /** Returns the number of rows of a kind and a member site that are later than `after`. */
  count(of: LedgerCount): Promise<number>
  /** The tables that follow from the ledger. */
  readonly standing: StandingTables
  /** Changes further records in the same transaction. */
  readonly sql: Sql
}

/** The append-only record that the community's standing is computed from. */
export interface Ledger {
  /**
   * Runs `work` in one transaction, one after another among all servers. Appended rows are stored if it commits, and only then.
   * @throws {RegistryError} `ledger-tampered` if the last rows are not those that this server knows; `ledger-key`
   */
  transaction<T>(work: (within: LedgerTransaction) => Promise<T>): Promise<T>
  /** Appends rows in a transaction of their own. Throws what `transaction` throws. */
  append(entries: readonly LedgerInput[], texts?: readonly LedgerText[]): Promise<LedgerRow[]>
  /** Returns rows in their order. */
  read(range: LedgerRange): Promise<LedgerRow[]>
  /** Returns the last row of a kind; null if there is none. */
  last(kind: string): Promise<LedgerRow | null>
  /** Returns the texts with these hashes. One that was erased, or changed in the database, is absent. */
  texts(hashes: readonly string[]): Promise<Map<string, string>>
  /** Erases texts for good. The chain stays whole. */
  eraseTexts(hashes: readonly string[]): Promise<void>
  /**
   * Checks every row against the chain, and the last one against the head that is outside the database.
   * @throws {RegistryError} `ledger-key` if there are rows and no key
   */
  verify(signal?: AbortSignal): Promise<LedgerCheck>
}

export interface LedgerOptions {
  /** Path of the file with key and head; null if this process may not append. */
  readonly file: string | null
  /** ms since the Unix epoch */
  readonly now: () => number
}

/** Any number: the lock under which servers append one after another. */
const ledgerLock = 4617

/** Rows per read of a check. */
const rowsAtOnce = 2000

/** Characters of a body, as JSON. */
const maxBody = 16 * 1024

/**
 * ms that the clocks of two servers may differ. A row is at least as late as its predecessor within that. A larger step back
 * is a clock that was put right, and is followed.
 */
const clockSkew = 300_000

export function createLedger(database: Database, { file, now }: LedgerOptions): Ledger {
  const headFile = file === null ? null : new HeadFile(file)

  async function keyed(sql: Sql): Promise<KeyedHead> {
    if (headFile === null) throw keyMissing('this process has no key of the ledger')
    const known = await headFile.read()
    if (known !== null) return known
    const [row] = await sql.query('select seq from peerpress.ledger limit 1')
    if (row !== undefined) throw keyMissing(`${file} is missing, beside a ledger with rows`)
    return headFile.create()
  }

  /** The file has seen no row, and already the first one does not fit: another server has begun the ledger. */
  const otherKey = () =>
    new RegistryError(
      'ledger-key',
      `${file} does not fit the first row of the ledger: if another server has begun it, stop this one, put the file of that server in its place, and start again`,
    )

  async function transaction<T>(work: (within: LedgerTransaction) => Promise<T>): Promise<T> {
    let last: LedgerHead = emptyHead
    const result = await database.transaction(async (sql) => {
      await sql.query('select pg_advisory_xact_lock($1)', [ledgerLock])
      const { key, head } = await keyed(sql)
      const tail = await readTail(sql, key, head).catch((error: unknown) => {
        throw head.seq === 0 && isTampered(error) ? otherKey() : error
      })
      last = tail
      let at = tail.at
      const append: LedgerTransaction['append'] = async (entries, texts = []) => {
        at = timeAfter(at, now())
        const rows = chained(key, last, at, entries)
        await insertRows(sql, rows)
        await insertTexts(sql, texts)
        last = rows.at(-1) ?? last
        return rows
      }
      return work({
        append,
        sql,
        read: (range) => readRows(sql, range),
        count: (of) => countRows(sql, of),
        standing: createStandingTables(sql),
      })
    })
    await headFile?.advance(last)
    return result
  }

  return {
    transaction,
    append: (entries, texts) => transaction((within) => within.append(entries, texts)),
    read: (range) => readRows(database, range),
    last: async (kind) => {
      const [row] = await database.query<StoredRow>(
        `select ${rowColumns} from peerpress.ledger where kind = $1 order by seq desc limit 1`,
        [kind],
      )
      return row === undefined ? null : ledgerRowOf(row)
    },
    texts: (hashes) => readTexts(database, hashes),
    eraseTexts: (hashes) => eraseTexts(database, hashes, new Date(now())),
    verify: async (signal) => {
      const [row] = await database.query('select seq from peerpress.ledger limit 1')
      const known = (await headFile?.read()) ?? null
      if (known === null && row === undefined) return { rows: 0, problems: [] }
      if (known === null) throw keyMissing(`${file ?? 'the key of the ledger'} is missing, beside rows`)
      const check = new ChainCheck(known.key, emptyHead)
      for (;;) {
        signal?.throwIfAborted()
        const rows = await readRows(database, { after: check.last.seq, limit: rowsAtOnce })
        for (const each of rows) {
          check.add(each)
          if (each.seq === known.head.seq) check.end(known.head)
        }
        if (rows.length < rowsAtOnce) break
      }
      if (check.last.seq < known.head.seq) check.end(known.head)
      if (known.head.seq === 0 && check.problems[0]?.seq === 1) throw otherKey()
      return { rows: check.rows, problems: check.problems }
    },
  }
}

/**
 * Returns the last row. Rows after the known head are those of another server, or of a process that was killed after its
 * commit: they count if they chain onto the head.
 */
async function readTail(
  sql: Sql,
  key: Uint8Array,
  head: LedgerHead,
): Promise<LedgerHead & { readonly at: number }> {
  const check = new ChainCheck(key, head)
  const isKnown = async () => {
    if (head.seq === 0) return 0
    const [row] = await sql.query<StoredRow>(
      `select ${rowColumns} from peerpress.ledger where seq = $1 and mac = $2`,
      [head.seq, head.mac],
    )
    return row === undefined ? null : Number(row.at)
  }
  const headAt = await isKnown()
  if (headAt === null) throw tampered(head.seq)
  let at = headAt
  for (;;) {
    const rows = await readRows(sql, { after: check.last.seq, limit: rowsAtOnce })
    for (const row of rows) {
      check.add(row)
      at = row.at.getTime()
    }
    const [problem] = check.problems
    if (problem !== undefined) throw tampered(problem.seq)
    if (rows.length < rowsAtOnce) return { ...check.last, at }
  }
}

function chained(
  key: Uint8Array,
  head: LedgerHead,
  at: number,
  entries: readonly LedgerInput[],
): LedgerRow[] {
  let { seq, mac } = head
  return entries.map(({ kind, member, body }) => {
    const text = canonicalJson(body)
    if (text.length > maxBody || !isStorable(body)) {
      throw new RegistryError('invalid-entry', `a row of kind ${kind} has a body that cannot be stored`)
    }
    seq++
    // What is chained is what a reader gets back.
    const row = { seq, at: new Date(at), kind, member, body: JSON.parse(text) as object }
    mac = macOf(key, mac, row)
    return { ...row, mac }
  })
}

async function insertRows(sql: Sql, rows: readonly LedgerRow[]): Promise<void> {
  if (rows.length === 0) return
  await sql.query(
    `insert into peerpress.ledger (seq, at, kind, member, body, mac)
     select seq, at, kind, member, body, mac from jsonb_to_recordset($1::text::jsonb)
       as new (seq bigint, at bigint, kind text, member text, body jsonb, mac text) order by seq`,
    [JSON.stringify(rows.map((row) => ({ ...row, at: row.at.getTime() })))],
  )
}

async function readRows(sql: Sql, { after = 0, limit, kinds, member }: LedgerRange): Promise<LedgerRow[]> {
  const rows = await sql.query<StoredRow>(
    `select ${rowColumns} from peerpress.ledger
     where seq > $1 and ($2::text[] is null or kind = any($2)) and ($3::text is null or member = $3)
     order by seq limit $4`,
    [after, kinds ?? null, member ?? null, limit],
  )
  return rows.map(ledgerRowOf)
}

async function countRows(sql: Sql, { kind, member, after }: LedgerCount): Promise<number> {
  const [row] = await sql.query<{ count: number }>(
    'select count(*)::integer as count from peerpress.ledger where member = $1 and kind = $2 and at > $3',
    [member, kind, after.getTime()],
  )
  return row?.count ?? 0
}

function timeAfter(previous: number, now: number): number {
  return previous > now && previous - now <= clockSkew ? previous : now
}

function isTampered(error: unknown): boolean {
  return error instanceof RegistryError && error.code === 'ledger-tampered'
}

function tampered(seq: number): RegistryError {
  return new RegistryError(
    'ledger-tampered',
    `row ${seq} of the ledger is missing or changed: ./peerpress community verify lists what is wrong`,
  )
}

function keyMissing(what: string): RegistryError {
  return new RegistryError(
    'ledger-key',
    `${what}: put the file back, from a backup or from another server of this database`,
  )
}
