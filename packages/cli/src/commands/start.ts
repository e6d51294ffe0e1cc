import { parseArgs } from 'node:util'
import { readConfig, startServer, watchUnexpectedErrors } from '@peerpress/server'
import { buildBundles } from '../development/build-bundles.ts'
import type { Command } from '../command.ts'
import { describeError } from '../describe-error.ts'
import { say } from '../output/say.ts'
import { earlierRun, mayTryAgain, startAgain } from '../start-again.ts'
import { stopSignal } from '../stop-signal.ts'

export const start: Command = {
  usage: `
Usage: ./peerpress start [options]

Runs the server until Ctrl-C. Without further settings it stores everything in one folder, on embedded engines. After an
unexpected error it drains and starts again by itself.

  --port N          TCP port (4600)
  --host ADDRESS    address to listen on (127.0.0.1)
  --data DIR        folder for the embedded engines, the log and the assets (./data)
  --public-reports  reports can be read without the operator token
  --no-build        trust that the browser code is built

Every option, and more, can be set by environment variable; see the README.
`,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        data: { type: 'string' },
        'public-reports': { type: 'boolean' },
        'no-build': { type: 'boolean' },
      },
    })
    const config = readConfig({
      ...process.env,
      ...(values.port === undefined ? {} : { PEERPRESS_PORT: values.port }),
      ...(values.host === undefined ? {} : { PEERPRESS_HOST: values.host }),
      ...(values.data === undefined ? {} : { PEERPRESS_DATA: values.data }),
      ...(values['public-reports'] === true ? { PEERPRESS_PUBLIC_REPORTS: '1' } : {}),
    })
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
