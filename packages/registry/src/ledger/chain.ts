import { createHmac } from 'node:crypto'
import { canonicalJson } from './canonical-json.ts'
import type { LedgerHead, LedgerRow } from './ledger-row.ts'

/** Returns a row's MAC: HMAC-SHA256 of the previous row's MAC and the row's canonical JSON, hex. */
export function macOf(key: Uint8Array, previous: string, row: Omit<LedgerRow, 'mac'>): string {
  const { seq, at, kind, member, body } = row
  return createHmac('sha256', key)
    .update(Buffer.from(previous, 'hex'))
    .update(canonicalJson({ seq, at: at.getTime(), kind, member, body }))
    .digest('hex')
}

/** What is wrong with a row. */
export interface LedgerProblem {
  readonly seq: number
  /** `changed`: the row does not follow from its predecessor. `missing`: the row is not there. */
  readonly problem: 'changed' | 'missing'
}

/** Problems that are listed. After a deleted table there would be one for each row. */
const maxProblems = 100

/** Checks rows in their order, batch by batch. */
export class ChainCheck {
  readonly problems: LedgerProblem[] = []
  readonly #key: Uint8Array
  #last: LedgerHead
  #rows = 0

  constructor(key: Uint8Array, from: LedgerHead) {
    this.#key = key
    this.#last = from
  }

  /** The last row that was checked. */
  get last(): LedgerHead {
    return this.#last
  }

  /** The number of rows that were checked. */
  get rows(): number {
    return this.#rows
  }

  /** Checks the next row. */
  add(row: LedgerRow): void {
    this.#rows++
    for (let seq = this.#last.seq + 1; seq < row.seq && this.#note(seq, 'missing'); seq++);
    // After a gap the predecessor's MAC is unknown: the row counts as unchanged, its gap is reported.
    const follows = row.seq === this.#last.seq + 1
    if (follows && !this.#isUnchanged(row)) this.#note(row.seq, 'changed')
    this.#last = { seq: row.seq, mac: row.mac }
  }

  /** Checks that the rows reach a head, and that they have its MAC there. */
  end(head: LedgerHead): void {
    for (let seq = this.#last.seq + 1; seq <= head.seq && this.#note(seq, 'missing'); seq++);
    if (this.#last.seq === head.seq && this.#last.mac !== head.mac) this.#note(head.seq, 'changed')
  }

  #isUnchanged(row: LedgerRow): boolean {
    try {
      return macOf(this.#key, this.#last.mac, row) === row.mac
    } catch {
      // A changed body may be nested deeper than the stack.
      return false
    }
  }

  #note(seq: number, problem: LedgerProblem['problem']): boolean {
    if (this.problems.at(-1)?.seq !== seq) this.problems.push({ seq, problem })
    return this.problems.length < maxProblems
  }
}
