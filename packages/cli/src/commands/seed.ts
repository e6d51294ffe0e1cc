import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startSeed } from '@peerpress/seed'
import { CliError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { say } from '../output/say.ts'
import { seedCommunity } from '../seeding/seed-community.ts'
import { stopSignal } from '../stop-signal.ts'

const megabyte = 1_000_000

export const seed: Command = {
  usage: `
Usage: PEERPRESS_SEED_TOKEN=… ./peerpress seed URL [options]

Stores the media of the post at URL, its public address, and serves them to its readers, until Ctrl-C. The token is made by
"./peerpress site seed-token SITE" where the server's data folder is, or in the settings of the site on the dashboard.

With --community, URL is a PeerPress server: this machine offers itself to the sites of its community, and stores and serves
the public posts that sites grant it. The token is one of the site that gets the credit.

  --data DIR      folder for the chunks (./seed)
  --max-bytes N   maximum bytes of stored chunks (2000000000)
  --json          one JSON line for every change
  --community     serve posts of other sites
  --site ID       the site that gets the credit
  --country CC    ISO 3166-1 alpha-2 country of this machine
  --bytes-per-day N   maximum bytes sent in a UTC day (20000000000)
  --allow-private     pages and media may have private addresses, as on a test machine
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        data: { type: 'string', default: 'seed' },
        'max-bytes': { type: 'string', default: '2000000000' },
        json: { type: 'boolean', default: false },
        community: { type: 'boolean', default: false },
        site: { type: 'string' },
        country: { type: 'string' },
        'bytes-per-day': { type: 'string', default: '20000000000' },
        'allow-private': { type: 'boolean', default: false },
      },
    })
    const [page] = positionals
    const token = process.env['PEERPRESS_SEED_TOKEN']
    const maxBytes = bytesOf(values['max-bytes'], '--max-bytes')
    if (page === undefined || positionals.length !== 1 || !URL.canParse(page)) {
      throw new CliError(
        'usage',
        'say "seed URL", the address of a post, such as https://example.org/a-post/',
      )
    }
    if (token === undefined) {
      const how =
        'make a token on the server with "./peerpress site seed-token SITE", or in the settings of the site on the dashboard'
      throw new CliError('usage', `PEERPRESS_SEED_TOKEN is not set: ${how}`)
    }
    if (values.community) {
      const { site, country } = values
      return seedCommunity({
        server: page,
        token,
        owner: site ?? missing('--site, the id of your site'),
        country: country?.toUpperCase() ?? missing('--country, such as BR'),
        directory: resolve(values.data),
        maxBytes,
        bytesPerDay: bytesOf(values['bytes-per-day'], '--bytes-per-day'),
        allowPrivateAddresses: values['allow-private'],
        json: values.json,
      })
    }
    const stop = stopSignal()
    let wasWhole = false
    let lastProblem = ''
    const running = await startSeed({
      page,
      token,
      directory: resolve(values.data),
      maxBytes,
      onProblem({ message }) {
        // What is tried again and again is reported once.
        if (message !== lastProblem) say.problem(message)
        lastProblem = message
      },
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

function bytesOf(text: string, option: string): number {
  const bytes = Number(text)
  if (Number.isSafeInteger(bytes) && bytes > 0) return bytes
  throw new CliError('usage', `${option} takes a number of bytes`)
}

function missing(what: string): never {
  throw new CliError('usage', `--community needs ${what}`)
}
