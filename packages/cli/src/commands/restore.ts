import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { operatorTokenFile, readBackup, readConfig, restoreBackup, type RestoreStep } from '@peerpress/server'
import { CliError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { progressLine } from '../output/progress-line.ts'
import { megabytes } from '../client/receive-backup.ts'
import { say } from '../output/say.ts'
import { abortOnStop } from '../stop-signal.ts'

const steps: Readonly<Record<RestoreStep, string>> = {
  verify: 'verifying the backup',
  records: 'records and keys',
  assets: 'assets',
  measurements: 'measurements',
}

export const restore: Command = {
  usage: `
Usage: ./peerpress restore DIR [options]

Makes an installation of the backup in DIR, in an empty data folder; nothing is ever overwritten. The backup is verified
first, and nothing is written when a file of it is damaged. Sites keep their ids, keys and webhook secrets, so that
plugins and pages go on. The operator token is a new one, which ends the seeds' tokens, too; tickets and codes end. Every
manifest gets a version past any that can have been issued since the backup, and every post is read from its site again
before it is delivered; readers have it of the site meanwhile.

  --data DIR   the data folder to make, empty or not there (PEERPRESS_DATA or ./data)
  --check      only verify the backup
  --json       the result as one JSON line

With PEERPRESS_POSTGRES_URL the records go into that database, which must be empty.
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        data: { type: 'string' },
        check: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    })
    const [directory] = positionals
    if (directory === undefined || positionals.length !== 1) throw new CliError('usage', 'say "restore DIR"')
    const full = resolve(directory)
    const signal = abortOnStop()
    const onBytes = progressLine<number>((bytes) => megabytes(bytes))
    if (values.check) {
      let verified = 0
      const { createdAt, files } = await readBackup(full, (more) => {
        signal.throwIfAborted()
        onBytes((verified += more))
      })
      const outcome = { directory: full, createdAt, files: files.length }
      if (values.json) process.stdout.write(`${JSON.stringify(outcome)}\n`)
      say.done(`${full} is whole: ${files.length} files, as of ${createdAt}`)
      return 0
    }
    const { data } = values
    const config = readConfig({ ...process.env, ...(data === undefined ? {} : { PEERPRESS_DATA: data }) })
    const onStep = (step: RestoreStep) => say.step(steps[step])
    const restored = await restoreBackup(config, full, { onStep, onBytes, signal })
    const operatorToken = join(config.dataDirectory, operatorTokenFile)
    const outcome = { data: config.dataDirectory, ...restored, operatorToken }
    if (values.json) process.stdout.write(`${JSON.stringify(outcome)}\n`)
    say.done(
      `${config.dataDirectory} is as of ${restored.createdAt}: ${restored.sites} sites, ${restored.posts} posts`,
    )
    if (!restored.hasMeasurements)
      say.step('the backup has no measurements: restore them on the ClickHouse server')
    say.step(
      `the new operator token is in ${operatorToken}; seeds need new tokens (./peerpress site seed-token SITE)`,
    )
    return 0
  },
}
