import { parseArgs } from 'node:util'
import { CliError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { downloadViews } from '../client/download-views.ts'
import { readOperatorToken } from '../client/graphql-client.ts'
import { progressLine } from '../output/progress-line.ts'
import { megabytes } from '../client/receive-backup.ts'
import { say } from '../output/say.ts'
import { dataDirectoryOf, serverOptions, serverOptionsUsage } from '../client/server-options.ts'

export const exportCommand: Command = {
  usage: `
Usage: ./peerpress export SITE [options]

Writes the views of a site into a Parquet file: each view once, with the values of its last beacon, in no order.
The file has its name when it is whole; until then it is FILE.part.

  --from MOMENT  views that began at this moment or later, such as 2026-05-01 or 2026-05-01T12:00:00Z (the first)
  --to MOMENT    views that began before it (now)
  --out FILE     the file (SITE.parquet)
${serverOptionsUsage}
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...serverOptions,
        from: { type: 'string', default: '1970-01-01' },
        to: { type: 'string' },
        out: { type: 'string' },
      },
    })
    const [siteId] = positionals
    if (siteId === undefined || positionals.length !== 1) throw new CliError('usage', 'say "export SITE"')
    const url = new URL(`/v1/sites/${encodeURIComponent(siteId)}/views.parquet`, values.server)
    url.searchParams.set('from', moment(values.from).toISOString())
    url.searchParams.set('to', (values.to === undefined ? new Date() : moment(values.to)).toISOString())
    const file = values.out ?? `${siteId}.parquet`
    const token = await readOperatorToken(dataDirectoryOf(values))
    const onProgress = progressLine<{ views: number; bytes: number }>(
      (progress) => `${progress.views} views, ${megabytes(progress.bytes)} so far`,
    )
    const { views, bytes } = await downloadViews({ url, token, file, onProgress })
    if (values.json) process.stdout.write(`${JSON.stringify({ file, views, bytes })}\n`)
    say.done(`${file}: ${views} views, ${megabytes(bytes)}`)
    return 0
  },
}

/** Parses a moment. A day stands for its first moment, UTC. */
function moment(text: string): Date {
  const isMoment = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text)
  const found = new Date(isMoment ? text : Number.NaN)
  if (Number.isNaN(found.getTime())) throw new CliError('usage', `"${text}" is no moment such as 2026-05-01`)
  return found
}
