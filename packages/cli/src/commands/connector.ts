import { parseArgs } from 'node:util'
import { CliError } from '../cli-error.ts'
import { operatorClient, serverOptions, serverOptionsUsage } from '../client/server-options.ts'
import type { Command } from '../command.ts'
import { connectorLines, type ConnectorRow } from '../output/connector-lines.ts'

const kinds = ['feed', 'sitemap', 'webhook']

export const connector: Command = {
  usage: `
Usage: ./peerpress connector add SITE feed URL [--every MINUTES] [options]
       ./peerpress connector add SITE sitemap URL [--every MINUTES] [options]
       ./peerpress connector add SITE webhook [options]
       ./peerpress connector list SITE [options]
       ./peerpress connector remove SITE CONNECTOR [options]

Names the posts of a site without the WordPress plugin. A feed or a sitemap is polled at once and then again and again. A
webhook receives signed events of a CMS (Standard Webhooks); its secret is printed only once. "add" with the same address
changes the connector, polls it at once, and gives a webhook a new secret.

"list" shows how the last poll ended. "remove" leaves the published posts as they are.

  --every MINUTES  minutes from one poll to the next, 5 to 1440 (15 for a feed, 60 for a sitemap)
${serverOptionsUsage}
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...serverOptions, every: { type: 'string' } },
    })
    const [verb, siteId, third, url] = positionals
    const count = positionals.length
    if (siteId !== undefined) {
      if (verb === 'list' && count === 2) return list(siteId, values)
      if (verb === 'remove' && third !== undefined && count === 3) return remove([siteId, third], values)
      if (verb === 'add' && third !== undefined && count <= 4) return add([siteId, third, url], values)
    }
    throw new CliError('usage', 'say what to do with the connectors of which site')
  },
}

interface ConnectorValues {
  readonly server: string
  readonly data?: string | undefined
  readonly json: boolean
  readonly every?: string | undefined
}

const fields =
  'connectorId kind url path everyMinutes polledAt succeededAt receivedAt dueAt error failures named requested problems'

interface Added {
  readonly connector: ConnectorRow
  readonly secret: string | null
}

async function add(
  [siteId, kind, url]: readonly [site: string, kind: string, url: string | undefined],
  values: ConnectorValues,
): Promise<number> {
  if (!kinds.includes(kind)) {
    throw new CliError('usage', `a connector is one of ${kinds.join(', ')}, not "${kind}"`)
  }
  if ((kind === 'webhook') !== (url === undefined)) {
    const what =
      kind === 'webhook' ? 'a webhook has no address of its own' : `name the address of the ${kind}`
    throw new CliError('usage', what)
  }
  const everyMinutes = minutesOf(values.every)
  const client = await operatorClient(values)
  const { connectorSet } = await client.query<{ connectorSet: Added }>(
    `mutation($input: ConnectorSetInput!) { connectorSet(input: $input) { secret connector { ${fields} } } }`,
    { input: { siteId, kind: kind.toUpperCase(), url, everyMinutes } },
  )
  const { connector: added, secret } = connectorSet
  if (values.json) process.stdout.write(`${JSON.stringify({ ...added, secret })}\n`)
  else if (secret === null) {
    process.stdout.write(`${added.connectorId} is polled now, and then every ${added.everyMinutes} minutes\n`)
  } else {
    process.stdout.write(`${added.connectorId}

Send events to ${values.server}${added.path}
signed (Standard Webhooks) with the secret ${secret}
The secret is not shown again.
`)
  }
  return 0
}

/** @throws {CliError} `usage` */
function minutesOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,4}$/.test(text)) return Number(text)
  throw new CliError('usage', `--every is a number of minutes, not "${text}"`)
}

async function list(siteId: string, values: ConnectorValues): Promise<number> {
  const client = await operatorClient(values)
  const { site } = await client.query<{ site: { connectors: readonly ConnectorRow[] } | null }>(
    `query($siteId: String!) { site(siteId: $siteId) { connectors { ${fields} } } }`,
    { siteId },
  )
  if (site === null)
    throw new CliError('server-refused', 'there is no such site; "./peerpress site list" lists them')
  if (values.json) process.stdout.write(`${JSON.stringify(site.connectors)}\n`)
  else process.stdout.write(connectorLines(site.connectors))
  return 0
}

async function remove(
  [siteId, connectorId]: readonly [site: string, connector: string],
  values: ConnectorValues,
): Promise<number> {
  const client = await operatorClient(values)
  const { connectorRemove } = await client.query<{ connectorRemove: { wasKnown: boolean } }>(
    'mutation($input: ConnectorRemoveInput!) { connectorRemove(input: $input) { wasKnown } }',
    { input: { siteId, connectorId } },
  )
  const { wasKnown } = connectorRemove
  if (values.json) process.stdout.write(`${JSON.stringify({ wasKnown })}\n`)
  else process.stdout.write(wasKnown ? 'removed; its posts stay published\n' : 'there is no such connector\n')
  return wasKnown ? 0 : 1
}
