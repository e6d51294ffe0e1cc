import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readConfig, type RunningServer, startServer } from '@peerpress/server'
import {
  installSystemPackages,
  publishSampleSite,
  type PublishedSite,
  publishWordpressSite,
  readTogether,
  systemParts,
  TestbedError,
} from '@peerpress/testbed'
import { buildBundles } from '../development/build-bundles.ts'
import { CliError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { demoSummary } from '../output/demo-summary.ts'
import { graphqlClient, readOperatorToken } from '../client/graphql-client.ts'
import { type Report, readReport } from '../client/report-query.ts'
import { releasedPlugin } from '../plugin/plugin-files.ts'
import { reportTable } from '../output/report-table.ts'
import { say } from '../output/say.ts'
import { type StopSignal, stopSignal } from '../stop-signal.ts'

/** Exit code of a command that Ctrl-C ended before it was done: 128 and the signal's number. */
const interrupted = 130

export const demo: Command = {
  usage: `
Usage: ./peerpress demo [options]

Starts a server on embedded engines and a sample site, lets six headless readers from three countries read it, prints
the report and leaves the dashboard open until Ctrl-C. All data is in a temporary folder and gone afterwards.

  --wordpress  the site is a real WordPress with MariaDB
  --exit       end after the report
  --json       the figures as one JSON line, last
  --port N     port of the server (4600; any free one with --exit)
  --data DIR   store the data in this folder
`,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        wordpress: { type: 'boolean', default: false },
        exit: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        port: { type: 'string' },
        data: { type: 'string' },
      },
    })
    const stop = stopSignal()
    const closers: (() => Promise<void>)[] = []
    try {
      const lacking = lackingPackages(values.wordpress)
      await buildBundles()
      const dataDirectory = await demoDirectory(values.data, closers)
      const server = await startServer(
        readConfig({
          PEERPRESS_PORT: values.port ?? (values.exit ? '0' : '4600'),
          PEERPRESS_DATA: dataDirectory,
          PEERPRESS_TRUST_PROXY: 'loopback',
          PEERPRESS_PUBLIC_REPORTS: '1',
          // The demo's readers need the processor.
          PEERPRESS_CHROMIUM_PATH: 'none',
        }),
      )
      closers.push(() => server.close())
      say.done(`the server listens at ${server.url}`)
      const site = await startSite({
        wordpress: values.wordpress && lacking === undefined,
        server,
        dataDirectory,
      })
      closers.push(() => site.close())
      say.done(`the site is at ${site.postUrl}, its post is signed; readers' consent is "assumed"`)
      if (lacking === undefined) {
        const isReported = await readAndReport({ server, site, stop, json: values.json })
        if (!isReported) return interrupted
      } else {
        say.problem(
          `${lacking.message}\nThe readers of the demo need it. The server and the site run; open them yourself.`,
        )
      }
      if (!values.exit && !stop.isReceived()) {
        if (server.firstLink !== null) say.step(`to sign in, create an account: ${server.firstLink}`)
        say.step(`dashboard: ${server.url}/ – Ctrl-C ends the demo`)
        await stop.received
      }
      return lacking === undefined ? 0 : 1
    } finally {
      for (const close of closers.toReversed()) await close()
    }
  },
}

/** Installs Chromium and, with `wordpress`, WordPress. Returns the error when packages cannot be installed here. */
function lackingPackages(wordpress: boolean): TestbedError | undefined {
  try {
    installSystemPackages(systemParts[wordpress ? 'demo --wordpress' : 'demo'], say)
    return undefined
  } catch (error) {
    if (error instanceof TestbedError && error.code === 'missing-package') return error
    throw error
  }
}

async function demoDirectory(named: string | undefined, closers: (() => Promise<void>)[]): Promise<string> {
  if (named !== undefined) return resolve(named)
  const directory = await mkdtemp(join(tmpdir(), 'peerpress-demo-'))
  closers.push(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }))
  return directory
}

async function startSite(options: {
  readonly wordpress: boolean
  readonly server: RunningServer
  readonly dataDirectory: string
}): Promise<PublishedSite> {
  const { wordpress, server, dataDirectory } = options
  const token = await readOperatorToken(dataDirectory)
  const target = { url: server.url, client: graphqlClient(server.url, token) }
  if (!wordpress) return publishSampleSite(target)
  return publishWordpressSite({ server: target, token, plugin: await releasedPlugin(), progress: say })
}

/** Resolves to false when Ctrl-C arrived before there was a report. */
async function readAndReport(options: {
  readonly server: RunningServer
  readonly site: PublishedSite
  readonly stop: StopSignal
  readonly json: boolean
}): Promise<boolean> {
  const { server, site, stop, json } = options
  const startedAt = new Date()
  const views = await readTogether(site.postUrl, { progress: say, signal: stop.signal })
  if (stop.isReceived()) return false
  const report = await reportOf({ server: server.url, siteId: site.siteId, startedAt, views })
  process.stdout.write(`\n${reportTable(report)}\n`)
  if (json) process.stdout.write(`${JSON.stringify(demoSummary(report, server.url))}\n`)
  return true
}

/** Reads the report until it holds every view: beacons reach the store a second or so after they were answered. */
async function reportOf(options: {
  readonly server: string
  readonly siteId: string
  readonly startedAt: Date
  readonly views: number
}): Promise<Report> {
  const { server, siteId, startedAt, views } = options
  const client = graphqlClient(server)
  const from = new Date(startedAt.getTime() - 60_000)
  const giveUpAt = Date.now() + 30_000
  for (;;) {
    const report = await readReport(client, siteId, { from, to: new Date(Date.now() + 60_000) })
    if (report !== null && report.totals.views >= views) return report
    if (Date.now() > giveUpAt) {
      throw new CliError(
        'demo-failed',
        `only ${report?.totals.views ?? 0} of ${views} views reached the report within 30 s`,
      )
    }
    await new Promise((wake) => setTimeout(wake, 250))
  }
}
