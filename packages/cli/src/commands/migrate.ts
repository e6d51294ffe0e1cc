import { parseArgs } from 'node:util'
import { migrateStoreOf, readConfig } from '@peerpress/server'
import type { Command } from '../command.ts'
import { say } from '../output/say.ts'
import { textTable } from '../output/text-table.ts'

export const migrate: Command = {
  usage: `
Usage: ./peerpress migrate [options]

Brings the schema of the measurements up to date, as every start of the server does, and lists its steps. They only go
forward, each runs once, and one that was changed after it ran is refused. A server on an embedded engine must be stopped
first; where ClickHouse is, the environment says (PEERPRESS_CLICKHOUSE_URL, PEERPRESS_CLICKHOUSE_CLUSTER).

  --dry-run     only list which steps have run and which would
  --data DIR    the server's data folder (PEERPRESS_DATA or ./data)
  --json        the result as one JSON line
`,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        'dry-run': { type: 'boolean', default: false },
        data: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    })
    const config = readConfig({
      ...process.env,
      ...(values.data === undefined ? {} : { PEERPRESS_DATA: values.data }),
    })
    const isDryRun = values['dry-run']
    const { found, ran } = await migrateStoreOf(config, { isDryRun })
    const ranNow = new Set(ran.map(({ id }) => id))
    const steps = found.map(({ id, name, appliedAt }) => ({
      id,
      name,
      state: appliedAt !== null ? 'applied' : ranNow.has(id) ? 'ran' : 'pending',
      appliedAt: appliedAt?.toISOString() ?? null,
    }))
    if (values.json) process.stdout.write(`${JSON.stringify({ steps })}\n`)
    else {
      const lines = textTable(
        steps.map(({ id, name, state, appliedAt }) => [`${id} ${name}`, appliedAt ?? state]),
      )
      process.stdout.write(`${lines.join('\n')}\n`)
    }
    const pending = steps.filter(({ state }) => state === 'pending').length
    say.done(isDryRun ? `${pending} steps would run` : `${ran.length} steps ran, the schema is up to date`)
    return 0
  },
}
