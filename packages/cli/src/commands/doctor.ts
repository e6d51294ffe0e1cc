import { parseArgs } from 'node:util'
import type { Command } from '../command.ts'
import { missingPackages, systemParts } from '../system-packages.ts'

export const doctor: Command = {
  usage: `
Usage: ./peerpress doctor [--json]

Ends with 0 when nothing is missing, else with 1.
`,
  async run(args) {
    const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean', default: false } } })
    const findings = Object.entries(systemParts).map(([use, parts]) => ({
      use,
      missing: missingPackages(parts),
    }))
    if (values.json) {
      process.stdout.write(`${JSON.stringify({ node: process.version, findings })}\n`)
    } else {
      process.stdout.write(`Node ${process.version}\n`)
      for (const { use, missing } of findings) {
        const verdict = missing.length === 0 ? 'ready' : `missing: apt-get install ${missing.join(' ')}`
        process.stdout.write(`${use.padEnd(17)}${verdict}\n`)
      }
    }
    return findings.every(({ missing }) => missing.length === 0) ? 0 : 1
  },
}
