import { CliError } from './cli-error.ts'
import type { Command } from './command.ts'
import { describeError } from './describe-error.ts'
import { say } from './output/say.ts'

/** Commands are loaded when they are named, so that `--help` answers at once. */
const commands: Readonly<
  Record<string, { readonly summary: string; readonly load: () => Promise<Command> }>
> = {
  demo: {
    summary: 'see it work: a site, readers in three countries, the report',
    load: async () => (await import('./commands/demo.ts')).demo,
  },
  start: { summary: 'run the server', load: async () => (await import('./commands/start.ts')).start },
  dev: {
    summary: 'run a server and the dashboard that reload when the code changes',
    load: async () => (await import('./commands/dev.ts')).dev,
  },
  test: {
    summary: 'set up what the tests need, run all tests and checks',
    load: async () => (await import('./commands/test.ts')).test,
  },
  bench: {
    summary: 'measure PeerPress and its rivals in the same run',
    load: async () => (await import('./commands/bench.ts')).bench,
  },
  site: {
    summary: 'add, list, configure and remove sites of a running server',
    load: async () => (await import('./commands/site.ts')).site,
  },
  account: {
    summary: 'add, list and close accounts of a running server, and make tokens',
    load: async () => (await import('./commands/account.ts')).account,
  },
  connector: {
    summary: 'add, list and remove the feeds, sitemaps and webhooks of a site',
    load: async () => (await import('./commands/connector.ts')).connector,
  },
  publish: {
    summary: 'publish a built site, or one page, into the delivery network',
    load: async () => (await import('./commands/publish.ts')).publish,
  },
  plugin: {
    summary: 'pack the WordPress plugin into a zip',
    load: async () => (await import('./commands/plugin.ts')).plugin,
  },
  seed: {
    summary: "store a post's media and serve them to its readers",
    load: async () => (await import('./commands/seed.ts')).seed,
  },
  report: {
    summary: "print a site's report",
    load: async () => (await import('./commands/report.ts')).report,
  },
  community: {
    summary: "check the community's ledger",
    load: async () => (await import('./commands/community.ts')).community,
  },
  probe: {
    summary: 'look at a page as a new reader does, and print the waterfall',
    load: async () => (await import('./commands/probe.ts')).probe,
  },
  search: {
    summary: "import Search Console's exports of a site",
    load: async () => (await import('./commands/search.ts')).search,
  },
  migrate: {
    summary: "run pending steps of the store's schema, or list them",
    load: async () => (await import('./commands/migrate.ts')).migrate,
  },
  export: {
    summary: "write a site's views into a Parquet file",
    load: async () => (await import('./commands/export.ts')).exportCommand,
  },
  backup: {
    summary: 'write records, keys, measurements and assets of one moment into a folder',
    load: async () => (await import('./commands/backup.ts')).backup,
  },
  restore: {
    summary: 'restore a backup into an empty data folder',
    load: async () => (await import('./commands/restore.ts')).restore,
  },
  doctor: {
    summary: 'check this machine and the data folder',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
}

/** Runs one command line; resolves to its exit code: 0 done, 1 failed, 2 misused, 130 stopped. */
export async function runCommand(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    process.stdout.write(overview())
    return 0
  }
  const known = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (known === undefined) {
    say.problem(`there is no command "${name}". ./peerpress --help lists them.`)
    return 2
  }
  const command = await known.load()
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(`${command.usage.trim()}\n`)
    return 0
  }
  try {
    return await command.run(rest)
  } catch (error) {
    return await explain(error, name)
  }
}

async function explain(error: unknown, name: string): Promise<number> {
  // Errors of parseArgs name the argument at fault.
  const isUsage = error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  if (isUsage || (error instanceof CliError && error.code === 'usage')) {
    say.problem(`${(error as Error).message}\n./peerpress ${name} --help lists its options.`)
    return 2
  }
  if (error instanceof CliError && error.code === 'stopped') {
    say.problem(error.message)
    return 130
  }
  say.problem(await describeError(error))
  return 1
}

function overview(): string {
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(11)}${summary}`)
  return `PeerPress: peer-assisted delivery for the CMS a site already runs, with the proof that it helps.

Usage: ./peerpress COMMAND [options]

${lines.join('\n')}

./peerpress COMMAND --help lists the options of a command.
`
}
