import { glob } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { repositoryDirectory } from '../repository.ts'

/** Test files of the repository, as paths relative to its folder. */
export interface TestFiles {
  /** Tests of one package, which start no browser and no site. */
  readonly unit: readonly string[]
  /** Tests that cross packages. */
  readonly crossing: readonly string[]
  /** Tests that cross packages and mostly wait: they run beside the others. */
  readonly waiting: readonly string[]
  /** Tests that cross packages and need the processors for themselves. */
  readonly alone: readonly string[]
}

/** Beginnings of the paths of tests that fail on a busy machine, each with its reason. */
const needQuiet: readonly string[] = [
  // The promise of a shutdown is a time: 11 s.
  'test/server/shutdown.test.ts',
  // A page that has no processor in time leaves its requests to the origin, as it should.
  'test/visitor/',
]

/** Tests that wait for minutes, each with what for. */
const mostlyWait: readonly string[] = [
  // Probes that the schedule runs once a minute, and the alerts that follow them.
  'test/wordpress/new-installation.test.ts',
  'test/wordpress/one-scenario.test.ts',
]

/** Finds all test files, in the order of their names. */
export async function findTestFiles(): Promise<TestFiles> {
  const [unit, crossing] = await Promise.all([
    find('{packages/*/src,bench}/**/*.test.ts'),
    find('test/**/*.test.ts'),
  ])
  return {
    unit,
    crossing: crossing.filter((file) => !needsQuiet(file) && !mostlyWait.includes(file)),
    waiting: crossing.filter((file) => mostlyWait.includes(file)),
    alone: crossing.filter(needsQuiet),
  }
}

function needsQuiet(file: string): boolean {
  return needQuiet.some((beginning) => file.startsWith(beginning))
}

/** Lists all files of a run. */
export function allTestFiles({ unit, crossing, waiting, alone }: TestFiles): string[] {
  return [...unit, ...crossing, ...waiting, ...alone]
}

/** Keeps the files that `isWanted` accepts. */
export function filterTestFiles(files: TestFiles, isWanted: (file: string) => boolean): TestFiles {
  return {
    unit: files.unit.filter(isWanted),
    crossing: files.crossing.filter(isWanted),
    waiting: files.waiting.filter(isWanted),
    alone: files.alone.filter(isWanted),
  }
}

async function find(pattern: string): Promise<string[]> {
  const files: string[] = []
  const options = { cwd: fileURLToPath(repositoryDirectory), exclude: ['**/node_modules/**'] }
  for await (const file of glob(pattern, options)) files.push(file)
  return files.toSorted()
}
