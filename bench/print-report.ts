import type { BenchRow } from '@peerpress/cli'

/** Ends a bench: its report as the last line of its output. */
export function printReport(bench: string, rows: readonly BenchRow[]): void {
  process.stdout.write(`${JSON.stringify({ bench, rows })}\n`)
}
