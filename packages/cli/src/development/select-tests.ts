import { readFileSync } from 'node:fs'
import { repositoryDirectory } from '../repository.ts'
import { changedFiles, repositoryFiles } from './changed-files.ts'
import { dependentsOf } from './module-graph.ts'
import { expectedDuration, type TestDurations } from './test-durations.ts'

/** Tests that are run for a change. */
export interface SelectedTests {
  /** Nearest to the change first. */
  readonly selected: readonly string[]
  /** Tests that the change can affect, too, and for which there is no time. */
  readonly left: readonly string[]
}

/** A change of the repository. */
interface Change {
  readonly changed: readonly string[]
  /** Files that load a changed file, with the number of imports between them. */
  readonly dependents: ReadonlyMap<string, number>
  readonly durations: TestDurations
}

/** Sum of the durations of selected tests, ms: two at a time they end within three minutes. */
const budget = 300_000

/** The checks of the whole repository: types, lint, format, imports, unused code. */
const checks = 'test/repository/checks.test.ts'

/**
 * Selects tests that a change since `base` can affect; null when nothing changed.
 * @throws {CliError} `usage` when git knows no such base.
 */
export async function selectTests(
  tests: readonly string[],
  { base, durations }: { readonly base: string | undefined; readonly durations: TestDurations },
): Promise<SelectedTests | null> {
  const [changed, files] = await Promise.all([changedFiles(base), repositoryFiles()])
  if (changed.length === 0) return null
  const read = (path: string) => readFileSync(new URL(path, repositoryDirectory), 'utf8')
  return testsFor(tests, { changed, dependents: dependentsOf(changed, { files, read }), durations })
}

/** Selects tests that a change can affect, nearest first, until their expected durations fill the budget. */
export function testsFor(tests: readonly string[], change: Change): SelectedTests {
  const distances = distancesOf(tests, change)
  const distanceOf = (test: string) => distances.get(test) ?? Infinity
  const affected = tests
    .filter((test) => distances.has(test))
    .toSorted((a, b) => distanceOf(a) - distanceOf(b))
  const selected: string[] = []
  const left: string[] = []
  let remaining = budget
  for (const test of affected) {
    const duration = expectedDuration(test, change.durations)
    if (duration <= remaining) {
      remaining -= duration
      selected.push(test)
    } else left.push(test)
  }
  return { selected, left }
}

/** Adds the tests of folders with changed files that no module imports: a manifest, a style sheet, PHP. */
function distancesOf(tests: readonly string[], { changed, dependents }: Change): ReadonlyMap<string, number> {
  const distances = new Map(dependents)
  for (const file of changed) {
    if (/\.(?:ts|tsx|mjs|md)$/.test(file)) continue
    const [, folder = ''] = /^(packages\/[^/]+\/|plugins\/[^/]+\/|test\/[^/]+\/|bench\/)/.exec(file) ?? []
    const near = folder.replace(/^plugins\//, 'test/')
    for (const test of tests) {
      if (test.startsWith(near)) distances.set(test, Math.min(1, distances.get(test) ?? 1))
    }
  }
  return distances.set(checks, 0)
}
