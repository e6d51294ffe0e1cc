import { parseArgs } from 'node:util'
import { readConfig, verifyLedger } from '@peerpress/server'
import { CliError } from '../cli-error.ts'
import { operatorClient, serverOptions, serverOptionsUsage } from '../client/server-options.ts'
import type { Command } from '../command.ts'
import { say } from '../output/say.ts'

/** How long a server may take to check its ledger, ms. */
const checkTimeout = 600_000

interface Check {
  readonly rows: number
  readonly problems: readonly { readonly seq: number; readonly problem: string }[]
}

export const community: Command = {
  usage: `
Usage: ./peerpress community verify [options]

Checks every row of the community's ledger: that it follows from the row before, and that the last row is the one that
ledger-key.json in the data folder names. Names the rows that are missing or changed. Changes nothing. Asks the running server
if one has the data folder. Ends with 0 when nothing is wrong, else with 1.

${serverOptionsUsage}

With PEERPRESS_POSTGRES_URL the ledger is in that database.
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: serverOptions,
    })
    if (positionals.length !== 1 || positionals[0] !== 'verify') {
      throw new CliError('usage', 'say "community verify"')
    }
    const { data } = values
    const config = readConfig({ ...process.env, ...(data === undefined ? {} : { PEERPRESS_DATA: data }) })
    const check: Check = (await verifyLedger(config)) ?? (await askServer(values))
    if (values.json) process.stdout.write(`${JSON.stringify(check)}\n`)
    else report(check)
    return check.problems.length === 0 ? 0 : 1
  },
}

async function askServer(values: {
  readonly server: string
  readonly data?: string | undefined
}): Promise<Check> {
  const client = await operatorClient(values)
  const { ledgerCheck } = await client.query<{
    readonly ledgerCheck: {
      readonly rows: number
      readonly problems: { readonly edges: readonly { readonly node: Check['problems'][number] }[] }
    }
  }>(query, {}, { timeout: checkTimeout })
  return { rows: ledgerCheck.rows, problems: ledgerCheck.problems.edges.map(({ node }) => node) }
}

const query = '{ ledgerCheck { rows problems(first: 100) { edges { node { seq problem } } } } }'

function report({ rows, problems }: Check): void {
  for (const { seq, problem } of problems) say.problem(`row ${seq} is ${problem}`)
  if (problems.length === 0) say.done(`the ledger is as it was written: ${rows} rows`)
  else {
    say.problem(
      'Somebody changed the database, or an older copy of it was put back without its ledger-key.json. Restore both from one backup: ./peerpress restore.',
    )
  }
}
