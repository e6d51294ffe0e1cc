import { parseArgs } from 'node:util'
import { lookup } from 'node:dns'
import { readConfig } from '@peerpress/server'
import { findChromium, probeHttp, probeInBrowser, type ProbeResult } from '@peerpress/watch'
import { CliError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { say } from '../output/say.ts'
import { waterfall } from '../output/waterfall.ts'
import { abortOnStop } from '../stop-signal.ts'

export const probe: Command = {
  usage: `
Usage: ./peerpress probe URL [options]

Requests the page at URL once, as a reader who was never there, and prints a line for each request: what it waited for and
how long. Needs no server. Ends with 0 if a reader would see the page, else with 1 and the reason.

  --browser     in Chromium, with everything that the page loads, and again with PeerPress's worker where the page has one
                (the default if Chromium is installed)
  --http        the page alone, without a browser (the default if Chromium is not installed)
  --private     allow private and local addresses, such as localhost
  --json        the result as one JSON line

PEERPRESS_CHROMIUM_PATH names the browser (/usr/bin/chromium).
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        browser: { type: 'boolean', default: false },
        http: { type: 'boolean', default: false },
        private: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    })
    const url = pageUrl(positionals)
    if (values.browser && values.http) throw new CliError('usage', 'choose one of --browser and --http')
    const { chromiumPath } = readConfig(process.env)
    const chromium = values.http ? null : await findChromium(chromiumPath)
    if (values.browser && chromium === null) {
      throw new CliError(
        'missing-package',
        `${chromiumPath ?? 'PEERPRESS_CHROMIUM_PATH'} is no browser. Install Debian's package chromium, or set PEERPRESS_CHROMIUM_PATH.`,
      )
    }
    const result = await probePage(url, { chromium, isPrivate: values.private })
    if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`)
    else {
      process.stdout.write(
        waterfall(result, { columns: process.stdout.columns, isTerminal: process.stdout.isTTY }),
      )
      if (result.failure !== null) say.problem(withWayOut(result, values.private))
    }
    return result.failure === null ? 0 : 1
  },
}

function pageUrl(positionals: readonly string[]): URL {
  const [text = ''] = positionals
  const url = URL.parse(text)
  if (url === null || positionals.length !== 1 || !/^https?:$/.test(url.protocol)) {
    throw new CliError('usage', 'say "probe URL", an address such as https://example.org/')
  }
  if (url.username !== '' || url.password !== '')
    throw new CliError('usage', 'give the address without a password')
  url.hash = ''
  return url
}

function probePage(
  url: URL,
  { chromium, isPrivate }: { readonly chromium: string | null; readonly isPrivate: boolean },
): Promise<ProbeResult> {
  const options = { policy: { mayBePrivate: () => isPrivate, resolveAll: lookup }, signal: abortOnStop() }
  if (chromium === null) return probeHttp(url, options)
  return probeInBrowser(url, { ...options, executable: chromium })
}

function withWayOut({ failure }: ProbeResult, isPrivate: boolean): string {
  if (failure?.code !== 'private-address' || isPrivate) return failure?.message ?? ''
  return `${failure.message} --private allows them for this probe.`
}
