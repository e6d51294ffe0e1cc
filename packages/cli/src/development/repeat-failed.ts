import type { FailedTest, RunTestFilesOptions, TestRun } from './run-test-files.ts'

/** More failed files than this are no accident of a busy machine. */
const maxRepeated = 3

/** What a run came to after the files that failed were run once more. */
export interface RepeatedRun {
  readonly run: TestRun
  /** What failed at first in files that passed when they ran alone. */
  readonly passedAlone: readonly FailedTest[]
}

/**
 * Runs the files that failed once more, alone, if there are few. Tests with browsers and killed processes meet limits of
 * time when the machine is busy with others. A test that is wrong fails twice. What passed only alone is returned too,
 * because it has to be mended all the same.
 */
export async function repeatFailed(
  first: TestRun,
  runFiles: (files: readonly string[], options: RunTestFilesOptions) => Promise<TestRun>,
): Promise<RepeatedRun> {
  const files = [...new Set(first.failures.map(({ file }) => file))]
  if (files.length === 0 || files.length > maxRepeated) return { run: first, passedAlone: [] }
  const again = await runFiles(files, { concurrency: 1 })
  const stillFailed = new Set(again.failures.map(({ file }) => file))
  const { passed, failed, skipped } = first.counts
  return {
    run: {
      counts: { passed: passed + failed - again.counts.failed, failed: again.counts.failed, skipped },
      failures: again.failures,
      durations: first.durations,
    },
    passedAlone: first.failures.filter(({ file }) => !stillFailed.has(file)),
  }
}
