import { parseArgs } from 'node:util'
import { CliError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { readReport } from '../client/report-query.ts'
import { reportTable } from '../output/report-table.ts'
import { operatorClient, serverOptions, serverOptionsUsage } from '../client/server-options.ts'

const hourMs = 60 * 60 * 1000

export const report: Command = {
  usage: `
Usage: ./peerpress report SITE [options]

  --hours N     how far back it looks (24)
${serverOptionsUsage}
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...serverOptions, hours: { type: 'string', default: '24' } },
    })
    const [siteId] = positionals
    if (siteId === undefined || positionals.length !== 1) throw new CliError('usage', 'say "report SITE"')
    const hours = Number(values.hours)
    if (!(hours > 0 && hours <= 24 * 730)) throw new CliError('usage', '--hours takes a number up to 17520')
    const client = await operatorClient(values)
    const to = new Date()
    const found = await readReport(client, siteId, { from: new Date(to.getTime() - hours * hourMs), to })
    if (found === null)
      throw new CliError('server-refused', `there is no site ${siteId}. ./peerpress site list shows them.`)
    process.stdout.write(values.json ? `${JSON.stringify(found)}\n` : reportTable(found))
    return 0
  },
}
