import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { pipeline } from 'node:stream/promises'
import { Writable } from 'node:stream'

/** Numbers of tests by outcome. Suites are not counted. */
export interface TestCounts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** A test that failed. */
export interface FailedTest {
  readonly file: string
  readonly name: string
  /** Beginning of the error's message. */
  readonly message: string
}

/** The outcome of a run of test files. */
export interface TestRun {
  readonly counts: TestCounts
  readonly failures: readonly FailedTest[]
  /** How long each file took, ms. */
  readonly durations: ReadonlyMap<string, number>
}

export interface RunTestFilesOptions {
  /** Files that run at the same time. */
  readonly concurrency: number
  /** Prints the results at the end, so that they do not mix with those of another run. @default false */
  readonly printsLast?: boolean
}

/** Longest time one test file may take, ms. */
const fileTimeout = 15 * 60 * 1000

/** Characters of a failed file's standard error that are printed again at the end. */
const shownOfErrors = 4000

/** Lines of a failed test's message that are repeated at the end. */
const shownOfMessage = 12

/**
 * Runs test files in their order, each in a process of its own, and prints their results as they arrive. At the end it
 * prints the standard error of files that failed once more: nothing else says why a process ended badly.
 */
export async function runTestFiles(
  files: readonly string[],
  { concurrency, printsLast = false }: RunTestFilesOptions,
): Promise<TestRun> {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  const failures: FailedTest[] = []
  const durations = new Map<string, number>()
  if (files.length === 0) return { counts, failures, durations }
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
  events.on('test:fail', ({ file = '', name, details: { error } }) => {
    // A suite fails with each of its tests.
    if ('failureType' in error && error.failureType === 'subtestsFailed') return
    counts.failed++
    failures.push({ file, name, message: beginningOf(error) })
  })
  events.on('test:summary', ({ file, duration_ms: duration }) => {
    if (file !== undefined) durations.set(file, duration)
  })
  const reporter = new spec()
  const kept: Buffer[] = []
  const output = new Writable({
    write(part: Buffer, _encoding, done) {
      if (printsLast) {
        kept.push(part)
        done()
      } else process.stdout.write(part, () => done())
    },
  })
  await pipeline(events, reporter, output)
  process.stdout.write(Buffer.concat(kept))
  for (const file of new Set(failures.map((failure) => failure.file))) {
    const written = errors.get(file)
    if (written !== undefined) process.stdout.write(`\nstandard error of ${file}:\n${written}`)
  }
  return { counts, failures, durations }
}

function beginningOf({ message, cause }: Error): string {
  const text = cause instanceof Error ? cause.message : message
  return text.split('\n').slice(0, shownOfMessage).join('\n')
}
