import { spawn } from 'node:child_process'
import { glob } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type BenchReport, readBenchReport } from '../development/bench-report.ts'
import { benchTable } from '../output/bench-table.ts'
import { installRivals } from '../development/install-rivals.ts'
import { buildBundles } from '../development/build-bundles.ts'
import { CliError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { repositoryDirectory } from '../repository.ts'
import { say } from '../output/say.ts'

export const bench: Command = {
  usage: `
Usage: ./peerpress bench [NAME …] [--list] [--quick] [--views N] [--json]

Measures PeerPress and a rival, or the floor, in the same run; all benches, or the named ones. Nothing else should run meanwhile.

  --list    name the benches
  --quick   seconds in place of minutes: shows that the benches work, its figures mean little
  --views   how many views the benches store and reports write (10,000,000)
  --json    end with one JSON line for each bench
`,
  async run(args) {
    const options = {
      list: { type: 'boolean' },
      quick: { type: 'boolean' },
      views: { type: 'string' },
      json: { type: 'boolean' },
    } as const
    const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options })
    const known = await benchNames()
    if (values.list) {
      process.stdout.write(`${known.join('\n')}\n`)
      return 0
    }
    const unknown = positionals.filter((name) => !known.includes(name))
    if (unknown.length > 0)
      throw new CliError('usage', `there is no bench ${unknown.join(', ')}. There are: ${known.join(', ')}`)

    await buildBundles()
    await installRivals()
    const reports: BenchReport[] = []
    for (const name of positionals.length === 0 ? known : positionals) {
      const report = await runBench(name, [
        ...(values.quick ? ['--quick'] : []),
        ...(['store', 'reports'].includes(name) && values.views !== undefined
          ? ['--views', values.views]
          : []),
      ])
      process.stdout.write(`${benchTable(report)}\n`)
      reports.push(report)
    }
    if (values.json) for (const report of reports) process.stdout.write(`${JSON.stringify(report)}\n`)
    return 0
  },
}

const directory = new URL('bench/', repositoryDirectory)

async function benchNames(): Promise<string[]> {
  const names: string[] = []
  for await (const main of glob('*/main.ts', { cwd: fileURLToPath(directory) })) names.push(dirname(main))
  return names.toSorted()
}

/** Runs a bench in a process of its own, so that no bench measures what another left behind. */
async function runBench(name: string, args: readonly string[]): Promise<BenchReport> {
  say.step(`bench ${name}`)
  const main = fileURLToPath(new URL(`${name}/main.ts`, directory))
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const output: Buffer[] = []
  child.stdout.on('data', (part: Buffer) => output.push(part))
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const report = exitCode === 0 ? readBenchReport(Buffer.concat(output).toString()) : null
  if (report === null) throw new CliError('bench-failed', `bench ${name} ended without a result.`)
  return report
}
