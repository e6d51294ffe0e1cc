import { parseArgs } from 'node:util'
import { CliError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { operatorClient, serverOptions, serverOptionsUsage } from '../client/server-options.ts'

export const publish: Command = {
  usage: `
Usage: ./peerpress publish SITE URL --post ID [options]

Makes a running server fetch the page at URL, sign its media and serve them. A WordPress with the plugin does this by
itself.

  --post ID     the post's id in the page's configuration
${serverOptionsUsage}
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...serverOptions, post: { type: 'string' } },
    })
    const [siteId, url] = positionals
    if (siteId === undefined || url === undefined || values.post === undefined || positionals.length !== 2) {
      throw new CliError('usage', 'say "publish SITE URL --post ID"')
    }
    const client = await operatorClient(values)
    const { postPublish } = await client.ask<{ postPublish: { accepted: boolean } }>(
      'mutation($input: PostPublishInput!) { postPublish(input: $input) { accepted } }',
      { input: { siteId, postId: values.post, url } },
    )
    process.stdout.write(
      values.json
        ? `${JSON.stringify(postPublish)}\n`
        : 'accepted; the server fetches and signs it in the background\n',
    )
    return 0
  },
}
