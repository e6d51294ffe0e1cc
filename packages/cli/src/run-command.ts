import { CliError } from './cli-error.ts'
import type { Command } from './command.ts'
import { say } from './say.ts'

/** Loaded when named, so that `--help` answers at once. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  demo: async () => (await import('./commands/demo.ts')).demo,
  start: async () => (await import('./commands/start.ts')).start,
  test: async () => (await import('./commands/test.ts')).test,
  site: async () => (await import('./commands/site.ts')).site,
  publish: async () => (await import('./commands/publish.ts')).publish,
  report: async () => (await import('./commands/report.ts')).report,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
}

/** Runs one command line; resolves to its exit code: 0 done, 1 failed, 2 misused. */
export async function runCommand(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    process.stdout.write(await overview())
    return 0
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (load === undefined) {
    say.problem(`there is no command "${name}". ./peerpress --help lists them.`)
    return 2
  }
  const command = await load()
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(`${command.usage.trim()}\n`)
    return 0
  }
  try {
    return await command.run(rest)
  } catch (error) {
    return explain(error, name)
  }
}

function explain(error: unknown, name: string): number {
  // What parseArgs throws already names the argument at fault.
  const isUsage = error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  if (isUsage || (error instanceof CliError && error.code === 'usage')) {
    say.problem(`${(error as Error).message}\n./peerpress ${name} --help tells more.`)
    return 2
  }
  if (error instanceof Error && 'code' in error && /^[a-z-]+$/.test(String(error.code))) {
    say.problem(error.message)
    return 1
  }
  say.problem(error instanceof Error ? (error.stack ?? error.message) : String(error))
  return 1
}

async function overview(): Promise<string> {
  const lines: string[] = []
  for (const [name, load] of Object.entries(commands))
    lines.push(`  ${name.padEnd(9)}${(await load()).summary}`)
  return `PeerPress: peer-assisted delivery for the CMS a site already runs, with the proof that it helps.

Usage: ./peerpress COMMAND [options]

${lines.join('\n')}

./peerpress COMMAND --help tells more of each.
`
}
