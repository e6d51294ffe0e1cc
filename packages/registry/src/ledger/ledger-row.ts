/** What a caller appends to the ledger. Its meaning is the community's. */
export interface LedgerInput {
  readonly kind: string
  /** The member site that it is by or about; null if it concerns the whole feed. */
  readonly member: string | null
  /** A JSON object of at most 16 KiB. */
  readonly body: object
}

/** A row of the ledger. */
export interface LedgerRow extends LedgerInput {
  /** Position in the ledger: 1 for the first row, without gaps. */
  readonly seq: number
  readonly at: Date
  /** HMAC-SHA256 over the previous row's MAC and this row, hex. */
  readonly mac: string
}

/** A foreign text, which the ledger has by its hash. */
export interface LedgerText {
  /** SHA-256 of salt and content, hex. */
  readonly hash: string
  /** Random, hex. Without it nobody can guess an erased text from its hash. */
  readonly salt: string
  readonly content: string
}

/** The last row that this server has written or checked. */
export interface LedgerHead {
  /** 0 before the first row. */
  readonly seq: number
  readonly mac: string
}

/** The head before the first row. */
export const emptyHead: LedgerHead = { seq: 0, mac: '0'.repeat(64) }

/** A row as the database returns it. */
export interface StoredRow extends LedgerInput {
  readonly seq: string | number
  readonly at: string | number
  readonly mac: string
}

/** Columns of a {@link StoredRow}. */
export const rowColumns = 'seq, at, kind, member, body, mac'

export function ledgerRowOf({ seq, at, kind, member, body, mac }: StoredRow): LedgerRow {
  return { seq: Number(seq), at: new Date(Number(at)), kind, member, body, mac }
}
