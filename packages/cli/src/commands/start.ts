import { parseArgs } from 'node:util'
import {
  readConfig,
  settingOptions,
  settingsUsage,
  startServer,
  watchUnexpectedErrors,
} from '@peerpress/server'
import { buildBundles } from '../development/build-bundles.ts'
import type { Command } from '../command.ts'
import { describeError } from '../describe-error.ts'
import { say } from '../output/say.ts'
import { earlierRun, mayTryAgain, startAgain } from '../start-again.ts'
import { stopSignal } from '../stop-signal.ts'

export const start: Command = {
  usage: `
Usage: ./peerpress start [options]

Runs the server until Ctrl-C. Without further settings all its data are in one folder, on embedded engines. After an
unexpected error the server finishes its work and starts again by itself.

${settingsUsage()}
  --no-build                 do not build the browser code: it is built already

Every option can also be set by an environment variable: PEERPRESS_MIN_SWARM is --min-swarm. Settings that may contain a
password have no option. docs/settings.md lists the allowed values.
`,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: { ...settingOptions, 'no-build': { type: 'boolean' } },
    })
    const config = readConfig({ ...process.env, ...variablesOf(values) })
    const earlier = earlierRun(process.env)
    // The first run has built the browser code.
    if (values['no-build'] !== true && earlier.restarts === 0) await buildBundles()
    const stop = stopSignal()
    const errors = watchUnexpectedErrors(earlier)
    const server = await startServer(config, { errors }).catch(async (error: unknown) => {
      if (mayTryAgain(earlier, error)) {
        say.problem(`could not start again: ${await describeError(error)}`)
        await startAgain(errors, { stop, hasRun: false })
        process.exit(0)
      }
      throw error
    })
    say.done(`PeerPress listens at ${server.url}`)
    if (server.firstLink !== null && earlier.restarts === 0) {
      say.step(`create the first administrator, once: ${server.firstLink}`)
      if (!/^https:|^http:\/\/localhost[:/]/.test(server.firstLink)) {
        say.problem(
          'signing in is refused there, over plain HTTP: set PEERPRESS_PUBLIC_URL to an https address',
        )
      }
    }
    say.step(`data and the operator token are in ${config.dataDirectory}; Ctrl-C stops`)
    await Promise.race([stop.received, errors.first])
    if (!stop.isReceived()) say.problem('stopping after an unexpected error, to start again')
    else say.step('stopping')
    await server.close()
    if (!stop.isReceived()) await startAgain(errors, { stop, hasRun: true })
    // Work that did not end in time must not hold the process.
    process.exit(0)
  },
}

/** The variables that options set. */
function variablesOf(values: Readonly<Record<string, unknown>>): Record<string, string> {
  const set = Object.entries(settingOptions).filter(([name]) => values[name] !== undefined)
  return Object.fromEntries(
    set.map(([name, { variable }]) => [variable, values[name] === true ? '1' : String(values[name])]),
  )
}
