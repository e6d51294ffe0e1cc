import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startSeed } from '@peerpress/seed'
import { CliError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { say } from '../output/say.ts'
import { stopSignal } from '../stop-signal.ts'

const megabyte = 1_000_000

export const seed: Command = {
  usage: `
Usage: PEERPRESS_SEED_TOKEN=… ./peerpress seed URL [options]

Stores the media of the post at URL and serves them to its readers, until Ctrl-C. "./peerpress site seed-token SITE",
where the server's data folder is, prints the token.

  --data DIR      folder for the chunks (./seed)
  --max-bytes N   maximum bytes of stored chunks (2000000000)
  --json          one JSON line for every change
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        data: { type: 'string', default: 'seed' },
        'max-bytes': { type: 'string', default: '2000000000' },
        json: { type: 'boolean', default: false },
      },
    })
    const [page] = positionals
    const token = process.env['PEERPRESS_SEED_TOKEN']
    const maxBytes = Number(values['max-bytes'])
    if (page === undefined || positionals.length !== 1 || !URL.canParse(page)) {
      throw new CliError('usage', 'say "seed URL", the address of a post')
    }
    if (token === undefined) throw new CliError('usage', 'PEERPRESS_SEED_TOKEN is not set')
    if (!Number.isSafeInteger(maxBytes) || maxBytes <= 0) {
      throw new CliError('usage', '--max-bytes takes a number of bytes')
    }
    const stop = stopSignal()
    let wasWhole = false
    const running = await startSeed({
      page,
      token,
      directory: resolve(values.data),
      maxBytes,
      onProblem: ({ message }) => say.problem(message),
      onChange(state) {
        if (values.json) process.stdout.write(`${JSON.stringify(state)}\n`)
        if (!wasWhole && state.chunks >= state.of) {
          wasWhole = true
          say.done('the whole post is here; Ctrl-C stops')
        }
      },
    })
    say.step(`seeding ${page}`)
    await stop.received
    const { sent, received } = running.state()
    running.stop()
    say.done(`sent ${(sent / megabyte).toFixed(1)} MB, got ${(received / megabyte).toFixed(1)} MB`)
    return 0
  },
}
