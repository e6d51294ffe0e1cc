import type { LedgerRow, LedgerTransaction } from '@peerpress/registry'
import { eventsOf } from '../ledger/entry.ts'
import { applyEvents } from './apply-event.ts'
import { LedgerFold } from './fold.ts'

/** Rows per read. */
const rowsAtOnce = 2000

/** If the standing is further behind, it is recomputed as a whole, which is faster. */
const maxRowsBehind = 10_000

/**
 * Brings the standing's tables to the ledger's end: after an append, after a restore, and after rows that another release
 * appended.
 * @param appended the rows that were just appended; they need not be read again
 */
export async function followLedger(
  ledger: Pick<LedgerTransaction, 'read' | 'standing'>,
  appended: readonly LedgerRow[] = [],
): Promise<void> {
  const { seq } = await ledger.standing.head()
  if (appended[0]?.seq === seq + 1) return follow(ledger, appended)
  const rows = await ledger.read({ after: seq, limit: maxRowsBehind })
  if (rows.length === maxRowsBehind) await recomputeStanding(ledger)
  else await follow(ledger, rows)
}

/** Recomputes all of the standing from the ledger, in memory. */
export async function recomputeStanding(ledger: Pick<LedgerTransaction, 'read' | 'standing'>): Promise<void> {
  const fold = new LedgerFold()
  let last = 0
  for (;;) {
    const rows = await ledger.read({ after: last, limit: rowsAtOnce })
    for (const event of eventsOf(rows)) fold.add(event)
    last = rows.at(-1)?.seq ?? last
    if (rows.length < rowsAtOnce) break
  }
  const whole = fold.result()
  await ledger.standing.replace({ ...whole, head: { ...whole.head, seq: last } })
}

async function follow(
  { standing }: Pick<LedgerTransaction, 'standing'>,
  rows: readonly LedgerRow[],
): Promise<void> {
  const last = rows.at(-1)
  if (last === undefined) return
  await applyEvents(standing, eventsOf(rows), last.seq)
}
