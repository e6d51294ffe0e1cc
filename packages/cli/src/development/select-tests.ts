import { readFileSync } from 'node:fs'
import { repositoryDirectory } from '../repository.ts'
import { changedFiles, repositoryFiles } from './changed-files.ts'
import { dependentsOf } from './module-graph.ts'
import { expectedDuration, type TestDurations } from './test-durations.ts'

/** Tests that are run for a change. */
export interface SelectedTests {
  readonly changed: readonly string[]
  /** Nearest to the change first. */
  readonly selected: readonly string[]
  /** Tests that the change can affect, too, and for which there is no time. */
  readonly left: readonly string[]
}

/** Processor time that the selected tests may take, ms: two at a time they end within three minutes. */
const budget = 300_000

/** The checks of the whole repository: types, lint, format, imports, unused code. */
const checks = 'test/repository/checks.test.ts'

/**
 * Selects tests that a change since `base` can affect, nearest first, until their expected durations fill the budget.
 * @throws {CliError} `usage` when git knows no such base.
 */
export async function selectTests(
  tests: readonly string[],
  { base, durations }: { readonly base: string | undefined; readonly durations: TestDurations },
): Promise<SelectedTests> {
  const [changed, files] = await Promise.all([changedFiles(base), repositoryFiles()])
  if (changed.length === 0) return { changed, selected: [], left: [] }
  const read = (path: string) => readFileSync(new URL(path, repositoryDirectory), 'utf8')
  const distances = nearness(changed, dependentsOf(changed, { files, read }), tests)
  return { changed, ...withinBudget(tests, distances, durations) }
}

/** Adds tests of a package whose changed files no module imports: its manifest, a style sheet, PHP. */
function nearness(
  changed: readonly string[],
  dependents: ReadonlyMap<string, number>,
  tests: readonly string[],
): ReadonlyMap<string, number> {
  const distances = new Map(dependents)
  for (const file of changed) {
    if (/\.(?:ts|tsx|mjs|md)$/.test(file)) continue
    const [, folder] = /^(packages\/[^/]+\/|plugins\/[^/]+\/|test\/[^/]+\/|bench\/)/.exec(file) ?? []
    const near = folder === undefined ? '' : folder.replace(/^plugins\//, 'test/')
    for (const test of tests) {
      if (test.startsWith(near)) distances.set(test, Math.min(1, distances.get(test) ?? 1))
    }
  }
  distances.set(checks, 0)
  return distances
}

function withinBudget(
  tests: readonly string[],
  distances: ReadonlyMap<string, number>,
  durations: TestDurations,
): Pick<SelectedTests, 'selected' | 'left'> {
  const distanceOf = (test: string) => distances.get(test) ?? Infinity
  const affected = tests
    .filter((test) => distances.has(test))
    .toSorted((a, b) => distanceOf(a) - distanceOf(b))
  const selected: string[] = []
  const left: string[] = []
  let remaining = budget
  for (const test of affected) {
    const duration = expectedDuration(test, durations)
    if (duration <= remaining) {
      remaining -= duration
      selected.push(test)
    } else left.push(test)
  }
  return { selected, left }
}
