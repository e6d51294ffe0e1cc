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

/** Of what a file wrote to its standard error this much is shown again, characters. */
const shownOfErrors = 4000

/**
 * Runs test files, each in a process of its own, and prints what they report as it comes. At the end comes once more
 * what the files that failed wrote to their standard error: why a process ended badly stands nowhere else.
 */
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
  const errors = new Map<string, string>()
  events.on('test:stderr', ({ file, message }) => {
    errors.set(file, `${errors.get(file) ?? ''}${message}`.slice(-shownOfErrors))
  })
  const failed = new Set<string>()
  events.on('test:fail', ({ file }) => {
    counts.failed++
    if (file !== undefined) failed.add(file)
  })
  const reporter = new spec()
  const output = new Writable({
    write(part: Buffer, _encoding, done) {
      process.stdout.write(part, () => done())
    },
  })
  await pipeline(events, reporter, output)
  for (const file of failed) {
    const written = errors.get(file)
    if (written !== undefined) process.stdout.write(`\nstandard error of ${file}:\n${written}`)
  }
  return counts
}
