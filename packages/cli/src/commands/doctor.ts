import { parseArgs } from 'node:util'
import { type DataCheck, inspectData, readConfig } from '@peerpress/server'
import type { Command } from '../command.ts'
import { missingPackages, systemParts } from '@peerpress/testbed'

export const doctor: Command = {
  usage: `
Usage: ./peerpress doctor [options]

Checks which system packages are missing, and whether parts of the server's data folder are missing, damaged, locked, open
to other users, or on a disk that is full or read-only. Changes nothing. While the server runs, it checks what it can check
beside the server and requests the server's own state. Ends with 0 when nothing is wrong, else with 1.

  --data DIR    the server's data folder (PEERPRESS_DATA or ./data)
  --server URL  the running server (http://127.0.0.1:4600 if the folder is in use)
  --json        the result as one JSON line
`,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        data: { type: 'string' },
        server: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    })
    const config = readConfig({
      ...process.env,
      ...(values.data === undefined ? {} : { PEERPRESS_DATA: values.data }),
    })
    const findings = Object.entries(systemParts).map(([use, parts]) => ({
      use,
      missing: missingPackages(parts),
    }))
    const checks = await inspectData(config, values.server ?? null)
    if (values.json) {
      const data = { directory: config.dataDirectory, checks }
      process.stdout.write(`${JSON.stringify({ node: process.version, findings, data })}\n`)
    } else {
      process.stdout.write(`Node ${process.version}\n`)
      for (const { use, missing } of findings) {
        const verdict = missing.length === 0 ? 'ready' : `missing: apt-get install ${missing.join(' ')}`
        process.stdout.write(`${use.padEnd(17)}${verdict}\n`)
      }
      for (const check of checks) process.stdout.write(`${lineOf(check)}\n`)
    }
    const isSound = checks.every(({ state }) => state !== 'problem')
    return isSound && findings.every(({ missing }) => missing.length === 0) ? 0 : 1
  },
}

function lineOf({ code, state, detail, wayOut }: DataCheck): string {
  const words = [state, ...(detail === null ? [] : [detail])].join(': ')
  return `${code.padEnd(17)}${words}${wayOut === null ? '' : `. What to do: ${wayOut}`}`
}
