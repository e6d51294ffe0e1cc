import type { Lending, LentReceipt } from '@peerpress/registry'

/** Receipts that wait at most. Receipts are cumulative: the next one of the same two peers states what a refused one did. */
const maxPending = 10_000

interface Waiting {
  readonly receipt: LentReceipt
  readonly settled: PromiseWithResolvers<void>
}

/**
 * Writes receipts in batches: those that arrive while one batch is written are the next batch. Of two receipts of the same peers
 * the greater one is written.
 */
export class ReceiptWriter {
  readonly #receipts: Pick<Lending, 'record'>
  #pending = new Map<string, Waiting>()
  #isWriting = false

  constructor(receipts: Pick<Lending, 'record'>) {
    this.#receipts = receipts
  }

  /** Resolves when the receipt, or a greater one of the same peers, is stored. */
  write(receipt: LentReceipt): Promise<void> {
    const key = `${receipt.epoch} ${receipt.giver} ${receipt.taker}`
    const known = this.#pending.get(key)
    if (known === undefined && this.#pending.size >= maxPending) {
      return Promise.reject(new Error('too many receipts wait to be stored'))
    }
    const settled = known?.settled ?? Promise.withResolvers<void>()
    if (known === undefined || known.receipt.bytes < receipt.bytes) {
      this.#pending.set(key, { receipt, settled })
    }
    if (!this.#isWriting) {
      this.#isWriting = true
      this.#writeAll().catch((error: unknown) => settled.reject(error))
    }
    return settled.promise
  }

  /** Never rejects: each writer learns of a failure by its own promise. */
  async #writeAll(): Promise<void> {
    // One turn of the event loop collects the receipts that arrived together.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#pending.size > 0) {
      const batch = [...this.#pending.values()]
      this.#pending = new Map()
      try {
        await this.#receipts.record(batch.map(({ receipt }) => receipt))
        for (const { settled } of batch) settled.resolve()
      } catch (error) {
        for (const { settled } of batch) settled.reject(error)
      }
    }
    this.#isWriting = false
  }
}
