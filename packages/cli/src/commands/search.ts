import { readFile, stat } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { CliError } from '../cli-error.ts'
import { operatorClient, serverOptions, serverOptionsUsage } from '../client/server-options.ts'
import type { Command } from '../command.ts'
import { say } from '../output/say.ts'

/** Both files together must fit into a request of 1 MiB in base64; a site's exports have some 100 KB. */
const maxFileBytes = 380_000

/** How long the server may take to parse and record, ms. */
const importTimeout = 120_000

interface ImportedExport {
  readonly firstDay: string
  readonly lastDay: string
  readonly countries: number
  readonly unknownNames: readonly string[]
}

export const search: Command = {
  usage: `
Usage: ./peerpress search import SITE --recent FILE --earlier FILE [options]

Imports two exports of Google Search Console, so that findings know whether a lagging region is shown or clicked less.
In Search Console open Performance, choose the last 28 days, and export as CSV; then choose the 168 days before, and export
again. Give both zip files. Their language does not matter.

  --recent FILE          the export of the last 28 days
  --earlier FILE         the export of the 168 days before
  --recent-days A..B     the days of a table of countries alone, such as 2026-02-02..2026-03-01; a zip has them
  --earlier-days A..B    the same for the other file
${serverOptionsUsage}
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...serverOptions,
        recent: { type: 'string' },
        earlier: { type: 'string' },
        'recent-days': { type: 'string' },
        'earlier-days': { type: 'string' },
      },
    })
    const [verb, siteId] = positionals
    const { recent, earlier } = values
    if (verb !== 'import' || siteId === undefined || positionals.length !== 2) {
      throw new CliError('usage', 'say "search import SITE"')
    }
    if (recent === undefined || earlier === undefined) {
      throw new CliError('usage', 'name both files: --recent FILE --earlier FILE')
    }
    const days = {
      recentDays: daysOf(values['recent-days']),
      earlierDays: daysOf(values['earlier-days']),
    }
    const files = { recentFile: await base64Of(recent), earlierFile: await base64Of(earlier) }
    const input = { siteId, ...days, ...files }
    const client = await operatorClient(values)
    const { searchImport } = await client.query<{
      searchImport: { recent: ImportedExport; earlier: ImportedExport }
    }>(mutation, { input }, { timeout: importTimeout })
    if (values.json) process.stdout.write(`${JSON.stringify(searchImport)}\n`)
    else report(searchImport)
    return 0
  },
}

const mutation = `
mutation($input: SearchImportInput!) {
  searchImport(input: $input) { recent { ...Export } earlier { ...Export } }
}
fragment Export on ImportedSearchExport { firstDay lastDay countries unknownNames }`

async function base64Of(file: string): Promise<string> {
  const unreadable = (cause: unknown) => {
    const { code } = cause as NodeJS.ErrnoException
    throw new CliError('usage', `${file} cannot be read (${code}): name a file that Search Console exported`)
  }
  const { size } = await stat(file).catch(unreadable)
  if (size > maxFileBytes) {
    throw new CliError(
      'usage',
      `${file} has ${Math.round(size / 1000)} KB, more than an export: give the zip, or its table of countries`,
    )
  }
  return (await readFile(file).catch(unreadable)).toString('base64')
}

function daysOf(text: string | undefined): { firstDay: string; lastDay: string } | null {
  if (text === undefined) return null
  const [, firstDay, lastDay] = /^(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)$/.exec(text) ?? []
  if (firstDay === undefined || lastDay === undefined) {
    throw new CliError('usage', `"${text}" are no days such as 2026-02-02..2026-03-01`)
  }
  return { firstDay, lastDay }
}

function report({
  recent,
  earlier,
}: {
  readonly recent: ImportedExport
  readonly earlier: ImportedExport
}): void {
  for (const { firstDay, lastDay, countries } of [recent, earlier]) {
    say.done(`imported ${countries} countries of ${firstDay} to ${lastDay}`)
  }
  const unknown = [...new Set([...recent.unknownNames, ...earlier.unknownNames])]
  if (unknown.length > 0) say.problem(`left out, because they are no countries: ${unknown.join(', ')}`)
  process.stdout.write('The site is analysed now; the findings are in the dashboard within a minute.\n')
}
