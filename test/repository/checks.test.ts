import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { repositoryDirectory } from '@peerpress/cli'

const cwd = fileURLToPath(repositoryDirectory)

/** Runs a tool of the project; fails with all that it printed. */
async function check(tool: string, ...args: string[]): Promise<string> {
  const file = tool.includes('/') ? tool : `${cwd}node_modules/.bin/${tool}`
  return new Promise((resolve, reject) => {
    const env = {
      ...process.env,
      TURBO_TELEMETRY_DISABLED: '1',
      DO_NOT_TRACK: '1',
      TURBO_NO_UPDATE_NOTIFIER: '1',
    }
    execFile(file, args, { cwd, env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error)
        reject(new assert.AssertionError({ message: `${tool} ${args.join(' ')}\n${stdout}\n${stderr}` }))
      else resolve(`${stdout}\n${stderr}`)
    })
  })
}

test('every package type-checks', async () => {
  await check('turbo', 'run', 'types', '--output-logs=errors-only')
})
test('the linter finds nothing', async () => {
  await check('oxlint', '--type-aware', '--deny-warnings')
})
test('everything is formatted', async () => {
  // Files that were formatted at the last run and have not changed are not read again.
  const cache = ['--cache', '--cache-location', '.cache/prettier']
  await check('prettier', '--check', '--log-level=warn', ...cache, '.')
})
test('no package imports what its kind may not', async () => {
  await check('turbo', 'boundaries')
})
test('nothing is unused', async () => {
  await check('knip')
})
test('the shell scripts are clean', async () => {
  await check('/usr/bin/shellcheck', 'peerpress', '.ci/run', 'packages/testbed/sample/make.sh')
})

test('the lockfile holds no download addresses', async () => {
  const lockfile = await readFile(`${cwd}package-lock.json`, 'utf8')
  assert.doesNotMatch(lockfile, /"resolved": "https?:/)
})
