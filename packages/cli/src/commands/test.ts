import { glob } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { installSystemPackages, systemParts } from '@peerpress/testbed'
import { buildBundles } from '../development/build-bundles.ts'
import { CliError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { repositoryDirectory } from '../repository.ts'
import { runTestFiles } from '../development/run-test-files.ts'
import { say } from '../output/say.ts'

export const test: Command = {
  usage: `
Usage: ./peerpress test [NAME …]

Runs the tests of every package, those that cross packages (real WordPress, real Chromium, faults) and the checks
(types, lint, format, directions of imports, unused code, shell, PHP). With NAMEs: the files whose path holds one.

What they need from the system is installed where that is possible (root on Debian), else named.
`,
  async run(args) {
    const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} })
    installSystemPackages(systemParts.test, say)
    await buildBundles()
    const root = fileURLToPath(repositoryDirectory)
    const find = async (pattern: string) => {
      const files: string[] = []
      for await (const file of glob(pattern, { cwd: root, exclude: ['**/node_modules/**'] })) files.push(file)
      const named = files.filter(
        (file) => positionals.length === 0 || positionals.some((name) => file.includes(name)),
      )
      return named.toSorted().map((file) => `${root}${file}`)
    }
    const unit = await find('{packages/*/src,bench}/**/*.test.ts')
    const crossing = await find('test/**/*.test.ts')
    if (unit.length + crossing.length === 0)
      throw new CliError('usage', `no test file's path holds ${positionals.join(' or ')}`)

    // Real browsers and servers share two cores badly: what crosses packages runs one file at a time.
    const totals = [
      await runTestFiles(unit, { concurrency: 2 }),
      await runTestFiles(crossing, { concurrency: 1 }),
    ]
    const sum = (key: 'passed' | 'failed' | 'skipped') =>
      totals.reduce((total, counts) => total + counts[key], 0)
    // A part that is missing in CI is a failure: nobody would ever look at the skip.
    const skippedInCi = process.env['CI'] === 'true' ? sum('skipped') : 0
    const failed = sum('failed') + skippedInCi
    const skipped = sum('skipped') - skippedInCi
    process.stdout.write(
      `${sum('passed')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`,
    )
    return failed === 0 ? 0 : 1
  },
}
