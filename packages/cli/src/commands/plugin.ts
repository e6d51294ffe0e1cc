import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { buildBundles } from '../development/build-bundles.ts'
import { CliError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { say } from '../output/say.ts'
import { packPlugin } from '../plugin/pack-plugin.ts'

export const plugin: Command = {
  usage: `
Usage: ./peerpress plugin [options]

Packs the WordPress plugin, with the browser code built, into a zip that WordPress installs: Plugins → Add New → Upload
Plugin. The same release always makes the same bytes.

  --out FILE   the file (peerpress.zip)
  --json       print the result as JSON
`,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        out: { type: 'string', default: 'peerpress.zip' },
        json: { type: 'boolean', default: false },
      },
    })
    if (values.out === '') throw new CliError('usage', 'name the file: --out FILE')
    await buildBundles()
    const zip = await packPlugin()
    await writeFile(values.out, zip)
    if (values.json) process.stdout.write(`${JSON.stringify({ file: values.out, bytes: zip.length })}\n`)
    say.done(`${values.out}: ${zip.length} bytes. Upload it in WordPress: Plugins → Add New → Upload Plugin.`)
    return 0
  },
}
