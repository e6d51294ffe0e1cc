import { availableParallelism } from 'node:os'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { installSystemPackages, systemParts } from '@peerpress/testbed'
import { CliError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { repeatFailed } from '../development/repeat-failed.ts'
import { buildBundles } from '../development/build-bundles.ts'
import { type FailedTest, runTestFiles, type TestRun } from '../development/run-test-files.ts'
import {
  expectedDuration,
  readTestDurations,
  storeTestDurations,
  type TestDurations,
} from '../development/test-durations.ts'
import { allTestFiles, filterTestFiles, findTestFiles, type TestFiles } from '../development/test-files.ts'
import { thoroughSizes } from '../development/thorough-sizes.ts'
import { say } from '../output/say.ts'
import { repositoryDirectory } from '../repository.ts'

/** Names of the slowest files are printed at the end. */
const shownSlowest = 10

export const test: Command = {
  usage: `
Usage: ./peerpress test [NAME …] [--thorough]
       ./peerpress test --changed [BASE]

Runs the tests of every package, those that cross packages (real WordPress, real Chromium, faults) and the checks
(types, lint, format, directions of imports, unused code, shell, PHP). With NAMEs: the files whose path has one of them.
At the end it prints the ten slowest files. Files with browsers and servers that failed beside others run once more, alone;
those that pass then are named, for they have to be mended.

  --thorough        exhaustive variants, too: all benches in their quick form, 30 kills, a million hostile bodies, 100 MB
                    downloads, intervals by 2,000 runs, 500 posts around an outage (an hour or more)
  --changed [BASE]  only tests that load what differs from BASE (its merge base with HEAD; else from the last commit),
                    nearest first, as many as end within three minutes, and the checks. It names what it leaves out.

System packages that the tests need are installed where that is possible (as root on Debian); elsewhere they are named.
`,
  async run(args) {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        thorough: { type: 'boolean', default: false },
        changed: { type: 'boolean', default: false },
      },
    })
    if (values.changed && (values.thorough || positionals.length > 1)) {
      throw new CliError('usage', '--changed takes at most one BASE, and no --thorough')
    }
    const durations = await readTestDurations()
    const files = values.changed
      ? await changedTests(positionals[0], durations)
      : await namedTests(positionals)
    if (files === null) return 0

    installSystemPackages(systemParts.test, say)
    await buildBundles()
    // Each test process inherits these. A size that the person has set stays.
    process.env['PEERPRESS_BUNDLES_BUILT'] = '1'
    // Most of a short test's time is the compilation of what it imports.
    process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('.cache/compile/', repositoryDirectory))
    if (values.thorough) Object.assign(process.env, { ...thoroughSizes, ...process.env })
    const { runs, passedAlone } = await runAll(files, durations)
    await storeDurations(runs)
    process.stdout.write(slowestOf(runs))
    if (passedAlone.length > 0) {
      process.stdout.write(`failed beside others, and passed alone:\n${failuresOf(passedAlone)}`)
    }
    return summarize(runs)
  },
}

async function namedTests(names: readonly string[]): Promise<TestFiles> {
  const files = filterTestFiles(
    await findTestFiles(),
    (file) => names.length === 0 || names.some((name) => file.includes(name)),
  )
  if (allTestFiles(files).length === 0)
    throw new CliError('usage', `no test file's path holds ${names.join(' or ')}`)
  return files
}

/** Returns null when nothing changed. */
async function changedTests(base: string | undefined, durations: TestDurations): Promise<TestFiles | null> {
  const { selectTests } = await import('../development/select-tests.ts')
  const all = await findTestFiles()
  const tests = await selectTests(allTestFiles(all), { base, durations })
  if (tests === null) {
    say.done('nothing changed')
    return null
  }
  const { selected, left } = tests
  say.step(`the change can affect ${selected.length + left.length} test files; ${selected.length} run`)
  if (left.length > 0) say.step(`left out: ${left.join(', ')}`)
  return filterTestFiles(all, (file) => selected.includes(file))
}

/** Runs tests of packages, then tests that cross packages: these use the bundles, which tests of packages build anew. */
async function runAll(
  { unit, crossing, waiting, alone }: TestFiles,
  durations: TestDurations,
): Promise<{ readonly runs: readonly TestRun[]; readonly passedAlone: readonly FailedTest[] }> {
  const root = fileURLToPath(repositoryDirectory)
  // The slowest begin first, so that no core is idle while the last one runs.
  const inOrder = (files: readonly string[]) =>
    files
      .toSorted((a, b) => expectedDuration(b, durations) - expectedDuration(a, durations))
      .map((file) => `${root}${file}`)
  const cores = availableParallelism()
  const units = await runTestFiles(inOrder(unit), { concurrency: Math.max(2, cores) })
  const crossings = await Promise.all([
    // A file of these has browsers and servers of its own, which need more than a core at times.
    runTestFiles(inOrder(crossing), { concurrency: Math.max(2, Math.floor(cores / 2)) }),
    runTestFiles(inOrder(waiting), { concurrency: 1, printsLast: true }),
  ])
  crossings.push(await runTestFiles(inOrder(alone), { concurrency: 1 }))
  const runs = [units]
  const passedAlone: FailedTest[] = []
  for (const first of crossings) {
    const repeated = await repeatFailed(first, runTestFiles)
    runs.push(repeated.run)
    passedAlone.push(...repeated.passedAlone)
  }
  return { runs, passedAlone }
}

function measured(runs: readonly TestRun[]): TestDurations {
  const root = fileURLToPath(repositoryDirectory)
  const entries = runs.flatMap(({ durations }) => [...durations])
  return Object.fromEntries(entries.map(([file, duration]) => [relative(root, file), Math.round(duration)]))
}

async function storeDurations(runs: readonly TestRun[]): Promise<void> {
  // Exhaustive variants take many times as long as those that --changed runs.
  if (process.env['PEERPRESS_THOROUGH'] !== '1') await storeTestDurations(measured(runs))
}

function slowestOf(runs: readonly TestRun[]): string {
  const slowest = Object.entries(measured(runs))
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, shownSlowest)
  const lines = slowest.map(([file, ms]) => `${(ms / 1000).toFixed(1).padStart(7)} s  ${file}\n`)
  return `\nslowest files:\n${lines.join('')}\n`
}

function summarize(runs: readonly TestRun[]): number {
  const sum = (key: keyof TestRun['counts']) => runs.reduce((total, { counts }) => total + counts[key], 0)
  // A part that is missing in CI is a failure: nobody would ever look at the skip.
  const skippedInCi = process.env['CI'] === 'true' ? sum('skipped') : 0
  const failed = sum('failed') + skippedInCi
  const skipped = sum('skipped') - skippedInCi
  process.stdout.write(failuresOf(runs.flatMap(({ failures }) => failures)))
  process.stdout.write(
    `${sum('passed')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`,
  )
  return failed === 0 ? 0 : 1
}

/** Says once more what failed: the results of thousands of tests are above it. */
function failuresOf(failures: readonly FailedTest[]): string {
  const root = fileURLToPath(repositoryDirectory)
  return failures
    .map(
      ({ file, name, message }) =>
        `✖ ${relative(root, file)}: ${name}\n  ${message.replaceAll('\n', '\n  ')}\n\n`,
    )
    .join('')
}
