import { parseArgs } from 'node:util'
import { isLocalHost } from '@peerpress/wire/local-host'
import { CliError } from '../cli-error.ts'
import { allNodes, type ConnectionPage } from '../client/all-nodes.ts'
import type { Command } from '../command.ts'
import { seedTokenOf } from './account-token.ts'
import { removeSite, removeVisitorDay, retainSite } from './site-retention.ts'
import { operatorClient, serverOptions, serverOptionsUsage } from '../client/server-options.ts'

/** As the graph's `Consent` has them. */
const policies = ['assumed', 'notice', 'required']
/** As the graph's `Mode` has them, but for the case. */
const modes = ['full', 'seeds-only', 'off']

interface SiteRow {
  readonly siteId: string
  readonly url: string
  readonly mode: string
  readonly consent: string
}

export const site: Command = {
  usage: `
Usage: ./peerpress site add URL --consent assumed|notice|required [options]
       ./peerpress site list [options]
       ./peerpress site policy SITE --mode full|seeds-only|off --consent assumed|notice|required [options]
       ./peerpress site seed-token SITE [--rotate] [options]
       ./peerpress site retain SITE DAYS|default [options]
       ./peerpress site remove SITE [--yes] [options]
       ./peerpress site remove-visitor SITE VISITOR DAY [--yes] [options]

A WordPress connects by its plugin; "site add" is for every other site, and for measuring alone.
"seed-token" makes a token that "./peerpress seed" needs for posts of the site, and prints it once. It permits nothing else. With
--rotate it takes the place of all former ones, also those of release 0.1.

"policy" changes a site's policy. Pages with a looser policy lose their peers within a minute. A WordPress replaces the
policy when its owner saves the settings page.

"retain" sets how many days the site's measurements are retained; the default is PEERPRESS_RETENTION_DAYS.
"remove" deletes the site with its key, its posts and its measurements. "remove-visitor" deletes a visitor's views of a day
(2026-05-01, UTC); exports have the visitor's number. Both may be repeated after a failure.

  --yes              remove without asking
  --rotate           end the former seed tokens of the site
  --consent POLICY   assumed: readers exchange data with each other at once
                     notice: a small notice informs them first, and they can refuse
                     required: no exchange before the reader agreed (peerpress.consent(true))
  --mode MODE        full: other readers of the same post and the site's seeds help (full for "site add")
                     seeds-only: its seeds alone; off: nobody
  --allow-private    the site is in a private network or on this machine: fetch it all the same
${serverOptionsUsage}
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...serverOptions,
        consent: { type: 'string' },
        mode: { type: 'string' },
        'allow-private': { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false },
        rotate: { type: 'boolean', default: false },
      },
    })
    const [verb, url, third, fourth] = positionals
    if (verb === 'list' && positionals.length === 1) return list(values)
    if (verb === 'add' && url !== undefined && positionals.length === 2) return add(url, values)
    if (verb === 'policy' && url !== undefined && positionals.length === 2) return setPolicy(url, values)
    if (verb === 'seed-token' && url !== undefined && positionals.length === 2) {
      const token = await seedTokenOf(url, { ...values, isRotation: values.rotate })
      process.stdout.write(values.json ? `${JSON.stringify({ token })}\n` : `${token}\n`)
      return 0
    }
    if (verb === 'remove' && url !== undefined && positionals.length === 2) return removeSite(url, values)
    if (verb === 'retain' && url !== undefined && third !== undefined && positionals.length === 3) {
      return retainSite(url, third, values)
    }
    if (verb === 'remove-visitor' && url !== undefined && third !== undefined && fourth !== undefined) {
      return removeVisitorDay([url, third, fourth], values)
    }
    throw new CliError('usage', 'say what to do with which site')
  },
}

interface SiteValues {
  readonly server: string
  readonly data?: string | undefined
  readonly json: boolean
  readonly consent?: string | undefined
  readonly mode?: string | undefined
  readonly 'allow-private': boolean
}

async function list(values: SiteValues): Promise<number> {
  const client = await operatorClient(values)
  const rows = await Array.fromAsync(
    allNodes(async (after) => {
      const { sites } = await client.query<{ sites: ConnectionPage<SiteRow> }>(
        `query($after: String) {
          sites(first: 100, after: $after) {
            edges { node { siteId url mode consent } }
            pageInfo { hasNextPage endCursor }
          }
        }`,
        { after },
      )
      return sites
    }),
  )
  if (values.json) process.stdout.write(`${JSON.stringify(rows)}\n`)
  else
    for (const row of rows)
      process.stdout.write(`${row.siteId}  ${row.mode.padEnd(10)}  ${row.consent.padEnd(8)}  ${row.url}\n`)
  return 0
}

async function add(url: string, values: SiteValues): Promise<number> {
  const policy = policyOf({ ...values, mode: values.mode ?? 'full' })
  const client = await operatorClient(values)
  const { siteAdd } = await client.query<{ siteAdd: { site: SiteRow & { publicKey: string } } }>(
    'mutation($input: SiteAddInput!) { siteAdd(input: $input) { site { siteId url mode consent publicKey } } }',
    {
      input: {
        url,
        ...policy,
        allowPrivateAddresses: values['allow-private'],
      },
    },
  )
  const added = siteAdd.site
  if (values.json) process.stdout.write(`${JSON.stringify(added)}\n`)
  else {
    const publicUrl = process.env['PEERPRESS_PUBLIC_URL'] ?? ''
    const script = new URL('/v1/rum.js', URL.canParse(publicUrl) ? publicUrl : values.server)
    const advice = isLocalHost(script.hostname)
      ? "That address is this machine's alone: put the public address of the server in its place.\n"
      : ''
    process.stdout.write(`${added.siteId}  ${added.url}

To measure its pages, put this in them:
<script defer src="${script.href}" data-site="${added.siteId}"></script>
${advice}`)
  }
  return 0
}

async function setPolicy(siteId: string, values: SiteValues): Promise<number> {
  const policy = policyOf(values)
  const client = await operatorClient(values)
  const { sitePolicySet } = await client.query<{ sitePolicySet: { site: SiteRow } }>(
    'mutation($input: SitePolicySetInput!) { sitePolicySet(input: $input) { site { siteId url mode consent } } }',
    { input: { siteId, ...policy } },
  )
  const { site: recorded } = sitePolicySet
  if (values.json) process.stdout.write(`${JSON.stringify(recorded)}\n`)
  else process.stdout.write(`${recorded.url} is ${recorded.mode}, ${recorded.consent} now\n`)
  return 0
}

/** Both choices as the graph spells them. */
function policyOf({ mode, consent }: SiteValues): { readonly mode: string; readonly consent: string } {
  if (consent === undefined || !policies.includes(consent)) {
    throw new CliError('usage', `choose how readers consent: --consent ${policies.join(' or --consent ')}`)
  }
  if (mode === undefined || !modes.includes(mode)) {
    throw new CliError('usage', `choose who helps readers: --mode ${modes.join(' or --mode ')}`)
  }
  return { mode: mode.toUpperCase().replace('-', '_'), consent: consent.toUpperCase() }
}
