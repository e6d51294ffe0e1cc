import { join } from 'node:path'
import { openRegistry } from '@peerpress/registry'
import { ReceiptWriter } from './receipt-writer.ts'
import { type LentRun, receiptOf, takers } from './lent-run.testing.ts'

// A process that stores receipts of readers, as they arrive, until it is killed: `receipts-owner.testing.ts DIRECTORY RUN FIRST`.
// It writes a line for each receipt after the receipt was answered. Receipts of one reader state ever more bytes.
const [directory = '', run = '{}', first = '1'] = process.argv.slice(2)
const lent = JSON.parse(run) as LentRun
const registry = await openRegistry({
  directory: join(directory, 'registry'),
  ledgerFile: join(directory, 'ledger-key.json'),
})
const writer = new ReceiptWriter(registry.lending)
await Promise.all(
  takers.map(async (taker) => {
    for (let bytes = Number(first); ; bytes++) {
      await writer.write(receiptOf(lent, { taker, bytes }))
      process.stdout.write(`${taker} ${bytes}\n`)
    }
  }),
)
