import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { decodeNoticeTexts, type NoticeTexts } from '@peerpress/wire'
import { CliError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { operatorClient, serverOptions, serverOptionsUsage } from '../client/server-options.ts'
import { say } from '../output/say.ts'
import { folderSummary } from '../publish/folder-summary.ts'
import { publishFolder } from '../publish/publish-folder.ts'
import { requestPublication } from '../publish/request-publication.ts'

const options = {
  ...serverOptions,
  post: { type: 'string' },
  public: { type: 'string' },
  control: { type: 'string', default: '5' },
  notice: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
} as const

export const publish: Command = {
  usage: `
Usage: ./peerpress publish SITE DIR [--public URL] [--control PERCENT] [--notice FILE] [--dry-run] [options]
       ./peerpress publish SITE URL --post ID [options]

With a folder: writes the service worker, and into each page the configuration and the loader, after the site was built.
Everything else in the folder stays as it is, and a second run changes nothing. Then it compares the folder with what the
server has published, and has the server fetch the posts that changed and are on the site, and revoke those that are not on
the site any more. So the usual order is: build, publish, deploy, publish again.

  --public URL       the server's address for readers' browsers (PEERPRESS_PUBLIC_URL, or the value of --server)
  --control PERCENT  share of readers who get everything from the site, for comparison: 0 to 50 (5)
  --notice FILE      the texts of the notice that readers see under the policy "notice", as JSON with any of label, text,
                     accept, refuse and more ({"url", "text"}); English without it
  --dry-run          write nothing, and report which files would be written

With a URL: has the server fetch this page, sign its media and serve them. A WordPress with the plugin does this by itself.

  --post ID          the post's id in the page's configuration
${serverOptionsUsage}
`,
  async run(args) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options })
    const [siteId, target] = positionals
    if (siteId === undefined || target === undefined || positionals.length !== 2) {
      throw new CliError('usage', 'say "publish SITE DIR" or "publish SITE URL --post ID"')
    }
    return isUrl(target) ? publishPage(siteId, target, values) : publishDirectory(siteId, target, values)
  },
}

interface PublishValues {
  readonly server: string
  readonly data?: string | undefined
  readonly json: boolean
  readonly post?: string | undefined
  readonly public?: string | undefined
  readonly control: string
  readonly notice?: string | undefined
  readonly 'dry-run': boolean
}

function isUrl(target: string): boolean {
  return /^https?:\/\//i.test(target)
}

async function publishPage(siteId: string, url: string, values: PublishValues): Promise<number> {
  if (values.post === undefined) throw new CliError('usage', 'say "publish SITE URL --post ID"')
  const client = await operatorClient(values)
  const accepted = await requestPublication(client, { siteId, postId: values.post, url })
  process.stdout.write(
    values.json
      ? `${JSON.stringify(accepted)}\n`
      : 'accepted; the server fetches and signs it in the background\n',
  )
  return 0
}

async function publishDirectory(siteId: string, directory: string, values: PublishValues): Promise<number> {
  if (values.post !== undefined) {
    throw new CliError('usage', '--post belongs to a URL: the pages of a folder have ids by their addresses')
  }
  const server = values.server.replace(/\/$/, '')
  const client = await operatorClient(values)
  const published = await publishFolder(client, {
    siteId,
    directory,
    server,
    publicServer: values.public ?? process.env['PEERPRESS_PUBLIC_URL'] ?? server,
    control: shareOf(values.control),
    notice: values.notice === undefined ? null : await readNotice(values.notice),
    isDryRun: values['dry-run'],
  })
  if (values.json) process.stdout.write(`${JSON.stringify(published)}\n`)
  else for (const { kind, text } of folderSummary(published)) say[kind](text)
  return 0
}

async function readNotice(file: string): Promise<NoticeTexts> {
  try {
    return decodeNoticeTexts(await readFile(file, 'utf8'))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new CliError('usage', `--notice: ${file} has no texts of a notice: ${reason}`, { cause })
  }
}

function shareOf(text: string): number {
  const percent = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN
  if (percent >= 0 && percent <= 50) return percent / 100
  throw new CliError('usage', `--control is "${text}"; write a whole number from 0 to 50`)
}
