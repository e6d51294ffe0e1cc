import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { promisify } from 'node:util'

const run = promisify(execFile)

interface Outcome {
  readonly counts: unknown
  readonly timed: readonly string[]
  readonly failures: unknown
  readonly printed: string
}

suite('test files', { timeout: 60_000 }, () => {
  let folder: string
  const outcome = async (files: Readonly<Record<string, string>>): Promise<Outcome> => {
    const paths = Object.keys(files).map((name) => join(folder, name))
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
    const script = `import { runTestFiles } from '${new URL('run-test-files.ts', import.meta.url)}'
      const { counts, failures, durations } = await runTestFiles(${JSON.stringify(paths)}, { concurrency: 1 })
      console.log('\\n' + JSON.stringify({ counts, failures, timed: [...durations.keys()] }))`
    // Node runs no test files from within a test process.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    await writeFile(join(folder, 'run.mjs'), script)
    const { stdout } = await run(process.execPath, [join(folder, 'run.mjs')], { env })
    const lines = stdout.trimEnd().split('\n')
    const result = JSON.parse(lines.pop() ?? '') as Omit<Outcome, 'printed'>
    return { ...result, printed: lines.join('\n') }
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'peerpress-test-'))
  })
  after(() => rm(folder, { recursive: true, force: true }))

  test('are counted by their tests, whatever suites these are in, and timed', async () => {
    const { counts, timed } = await outcome({
      'tests.test.mjs': `import { suite, test } from 'node:test'
        suite('a', () => { test('b', () => {}); test('c', { skip: true }, () => {}) })
        test('d', () => {})`,
    })
    assert.deepEqual(counts, { passed: 2, failed: 0, skipped: 1 })
    assert.deepEqual(timed, [join(folder, 'tests.test.mjs')])
  })

  test('that end badly though each of their tests passed fail, and the end says why', async () => {
    const { counts, printed } = await outcome({
      'ends-badly.test.mjs': `import { test } from 'node:test'
        test('a', () => {})
        process.on('exit', () => { throw new Error('at the very end') })`,
      'ends-well.test.mjs': `import { test } from 'node:test'
        test('b', () => console.error('nothing of note'))`,
    })
    assert.deepEqual(counts, { passed: 2, failed: 1, skipped: 0 })
    const [, end] = printed.split('standard error of ')
    assert.match(end ?? '', /ends-badly\.test\.mjs:\n[^]*Error: at the very end/)
    assert.doesNotMatch(end ?? '', /nothing of note/)
  })

  test('that fail in a suite count once, and are named with what went wrong', async () => {
    const { counts, failures } = await outcome({
      'fails.test.mjs': `import { suite, test } from 'node:test'
        suite('a', () => { test('b', () => { throw new Error('no bread') }) })`,
    })
    assert.deepEqual(counts, { passed: 0, failed: 1, skipped: 0 })
    assert.deepEqual(failures, [{ file: join(folder, 'fails.test.mjs'), name: 'b', message: 'no bread' }])
  })
})
