import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { repositoryDirectory } from '../repository.ts'

/** Durations of test files by path relative to the repository, ms. */
export type TestDurations = Readonly<Record<string, number>>

const file = fileURLToPath(new URL('.cache/test-durations.json', repositoryDirectory))

/** Durations that are assumed of a file that never ran here, ms. */
const assumedUnit = 4_000
const assumedCrossing = 20_000

/** Reads the durations of earlier runs; empty when there are none. */
export async function readTestDurations(): Promise<TestDurations> {
  const text = await readFile(file, 'utf8').catch(() => '{}')
  try {
    return JSON.parse(text) as TestDurations
  } catch {
    // A run that was killed while it wrote leaves half a file.
    return {}
  }
}

/** Stores the durations of a run beside those of files that it did not run. */
export async function storeTestDurations(measured: TestDurations): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${JSON.stringify({ ...(await readTestDurations()), ...measured }, null, 1)}\n`)
}

/** Returns how long a test file is expected to take, ms. */
export function expectedDuration(testFile: string, durations: TestDurations): number {
  return durations[testFile] ?? (testFile.startsWith('test/') ? assumedCrossing : assumedUnit)
}
