import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { pipeline } from 'node:stream/promises'
import { Writable } from 'node:stream'

/** How many tests ended in which way; suites are not counted. */
export interface TestCounts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** Longest time one test file may take, ms. */
const fileTimeout = 15 * 60 * 1000

/** Runs test files, each in a process of its own, and prints what they report as it comes. */
export async function runTestFiles(
  files: readonly string[],
  { concurrency }: { readonly concurrency: number },
): Promise<TestCounts> {
  if (files.length === 0) return { passed: 0, failed: 0, skipped: 0 }
  const counts = { passed: 0, failed: 0, skipped: 0 }
  const events = run({ files: [...files], concurrency, timeout: fileTimeout })
  events.on('test:pass', ({ skip, todo, details }) => {
    if (details.type === 'suite') return
    if (skip !== undefined && skip !== false) counts.skipped++
    else if (todo === undefined || todo === false) counts.passed++
  })
  events.on('test:fail', () => {
    counts.failed++
  })
  const reporter = new spec()
  const output = new Writable({
    write(part: Buffer, _encoding, done) {
      process.stdout.write(part, () => done())
    },
  })
  await pipeline(events, reporter, output)
  return counts
}
