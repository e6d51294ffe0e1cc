import type { LedgerRange, LedgerRow, LedgerText, LedgerTransaction, Registry } from '@peerpress/registry'
import { CommunityError } from '../community-error.ts'
import { followLedger } from '../standing/follow-ledger.ts'
import { eventsOf, type LedgerEntry, type LedgerEvent, parseEntry } from './entry.ts'

/** A transaction of the community: its standing follows the ledger at its begin and at its end. */
export interface CommunityTransaction {
  /** As of {@link CommunityLedger.append}. */
  append(entries: readonly LedgerEntry[], texts?: readonly LedgerText[]): Promise<LedgerEvent[]>
  /** As of {@link CommunityLedger.read}, with the entries that this transaction appended. */
  read: CommunityLedger['read']
  readonly count: LedgerTransaction['count']
  readonly standing: LedgerTransaction['standing']
  /** Changes further records in the same transaction. */
  readonly sql: LedgerTransaction['sql']
}

/** The ledger as the community reads and writes it. */
export interface CommunityLedger {
  /**
   * Appends entries with their foreign texts, and updates the standing that follows from them in the same transaction.
   * @param texts made with `ledgerText`; entries refer to them by hash
   * @throws {CommunityError} `invalid-entry`
   * @throws {RegistryError} `ledger-tampered`, `ledger-key`
   */
  append(entries: readonly LedgerEntry[], texts?: readonly LedgerText[]): Promise<LedgerEvent[]>
  /** Runs work that reads the standing and appends, one after another among all servers. Throws what `append` throws. */
  transaction<T>(work: (within: CommunityTransaction) => Promise<T>): Promise<T>
  /** Returns entries in their order. Rows of kinds that this release does not know are left out. */
  read(range: LedgerRange): Promise<LedgerEvent[]>
}

export function createCommunityLedger({
  registry,
}: {
  readonly registry: Pick<Registry, 'ledger'>
}): CommunityLedger {
  const transaction: CommunityLedger['transaction'] = (work) =>
    registry.ledger.transaction(async (ledger) => {
      await followLedger(ledger)
      return work({
        read: async (range) => eventsOf(await ledger.read(range)),
        count: (of) => ledger.count(of),
        standing: ledger.standing,
        sql: ledger.sql,
        append: async (entries, texts) => {
          const rows: LedgerRow[] = await ledger.append(entries.map(checked), texts)
          await followLedger(ledger, rows)
          return eventsOf(rows)
        },
      })
    })
  return {
    transaction,
    append: (entries, texts) => transaction((within) => within.append(entries, texts)),
    read: async (range) => eventsOf(await registry.ledger.read(range)),
  }
}

function checked(entry: LedgerEntry): LedgerEntry {
  const parsed = parseEntry(entry)
  if (parsed === null) throw new CommunityError('invalid-entry', `not an entry of kind ${entry.kind}`)
  return parsed
}
