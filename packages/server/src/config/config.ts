import { resolve } from 'node:path'
import { maxRetentionDays } from '@peerpress/store'
import { isMirror, maxMirrors } from '@peerpress/wire'
import * as v from 'valibot'
import { parseRoles, type RoleName } from '../roles/role-names.ts'
import { ServerError } from '../server-error.ts'

/** Everything a server is told from outside. */
export interface ServerConfig {
  /** Address to listen on. @default '127.0.0.1' */
  readonly host: string
  /** TCP port; 0 lets the system choose. @default 4600 */
  readonly port: number
  /** Origin that browsers and sites reach the server by, no trailing slash. Unset: `http://host:port`. */
  readonly publicUrl: string | undefined
  /** The roles that this server runs. @default all */
  readonly roles: readonly RoleName[]
  /** Folder of the embedded engines, the write-ahead log and the assets. @default './data' */
  readonly dataDirectory: string
  /** A ClickHouse server in place of the embedded chDB; credentials may be in the URL. */
  readonly clickhouseUrl: string | undefined
  /** The ClickHouse cluster that the server is a node of; the tables then lie on all of it. */
  readonly clickhouseCluster: string | undefined
  /** bytes that the embedded chDB may hold; one report takes half of it at most, on a server too. @default openStore's */
  readonly storeMemory: number | undefined
  /** Days that measurements are kept, of sites that want nothing else. @default 400 */
  readonly retentionDays: number
  /** A PostgreSQL server in place of the embedded PGlite. */
  readonly postgresUrl: string | undefined
  /** STUN and TURN servers that readers are told. @default [] */
  readonly iceServers: readonly IceServer[]
  /** Peers connect through TURN servers alone, so that none learns another's address. @default false */
  readonly relayOnly: boolean
  /** Readers of a post that must be there before any is introduced to another. @default 2 */
  readonly minSwarm: number
  /** Copies of the mirror that readers are told of, in the order they are asked: what an asset's id is put after. @default [] */
  readonly mirrors: readonly string[]
  /** Beacons per second that are taken of one network (IPv4 /24, IPv6 /48). @default 200 */
  readonly beaconsPerNetwork: number
  /** Beacons per second that are taken of one site. @default 2000 */
  readonly beaconsPerSite: number
  /** bytes of beacons that may wait on disk for the store; more are refused for a while. @default 2 GiB */
  readonly maxLogBytes: number
  /** An MMDB file of cities, for subdivisions; read anew when it is replaced. */
  readonly cityFile: string | undefined
  /** An MMDB file of autonomous systems, for networks; read anew when it is replaced. */
  readonly asnFile: string | undefined
  /**
   * Proxies whose `X-Forwarded-For` is believed: addresses, CIDR ranges or `loopback`, `linklocal`, `uniquelocal`.
   * @default []
   */
  readonly trustProxy: readonly string[]
  /** Reports can be read without the operator's token. @default false */
  readonly publicReports: boolean
}

/** An entry of `RTCConfiguration.iceServers`. */
export interface IceServer {
  readonly urls: string[]
  readonly username?: string
  readonly credential?: string
}

const iceServersSchema = v.array(
  v.strictObject({
    urls: v.array(v.string()),
    username: v.exactOptional(v.string()),
    credential: v.exactOptional(v.string()),
  }),
)

/** The names of all environment variables that are read, with what each is for. */
export const environmentVariables = {
  PEERPRESS_HOST: 'address to listen on (127.0.0.1)',
  PEERPRESS_PORT: 'TCP port (4600)',
  PEERPRESS_PUBLIC_URL: 'origin that browsers and sites reach this server by',
  PEERPRESS_ROLES:
    'roles that this server runs, comma-separated: publisher, collector, tracker, api, upkeep (all)',
  PEERPRESS_DATA: 'folder for the embedded engines, the log and the assets (./data)',
  PEERPRESS_CLICKHOUSE_URL: 'a ClickHouse server in place of the embedded engine',
  PEERPRESS_CLICKHOUSE_CLUSTER: 'the cluster that the ClickHouse server is a node of',
  PEERPRESS_STORE_MEMORY: 'MiB that the embedded engine may hold (a quarter of the memory, 1024 to 16384)',
  PEERPRESS_RETENTION_DAYS: 'days that measurements are kept (400)',
  PEERPRESS_POSTGRES_URL: 'a PostgreSQL server in place of the embedded engine',
  PEERPRESS_ICE_SERVERS: 'STUN and TURN servers as a JSON list',
  PEERPRESS_RELAY_ONLY: '1: peers connect through TURN servers alone',
  PEERPRESS_MIN_SWARM: 'readers of a post below which none is introduced to another (2)',
  PEERPRESS_MIRRORS: 'copies of /v1/mirror/ that readers ask before it, comma-separated',
  PEERPRESS_BEACONS_PER_NETWORK: 'beacons per second that are taken of one network (200); 0: any number',
  PEERPRESS_BEACONS_PER_SITE: 'beacons per second that are taken of one site (2000); 0: any number',
  PEERPRESS_MAX_LOG_BYTES: 'bytes of beacons that may wait on disk for the store (2147483648)',
  PEERPRESS_CITY_FILE: 'an MMDB file of cities, such as GeoLite2-City.mmdb',
  PEERPRESS_ASN_FILE: 'an MMDB file of autonomous systems, such as GeoLite2-ASN.mmdb',
  PEERPRESS_TRUST_PROXY: 'proxies whose X-Forwarded-For is believed, comma-separated',
  PEERPRESS_PUBLIC_REPORTS: '1: reports can be read without the operator token',
} as const

type Environment = Readonly<Partial<Record<string, string>>>

/**
 * The configuration that an environment describes.
 * @throws {ServerError} `bad-config`, naming the variable and what it should be.
 */
export function readConfig(environment: Environment): ServerConfig {
  const read = (name: keyof typeof environmentVariables) => environment[name] || undefined
  const iceServers = parseIceServers(read('PEERPRESS_ICE_SERVERS') ?? '[]')
  return {
    host: read('PEERPRESS_HOST') ?? '127.0.0.1',
    port: parsePort(read('PEERPRESS_PORT') ?? '4600'),
    publicUrl: parseOrigin(read('PEERPRESS_PUBLIC_URL')),
    roles: parseRoles(read('PEERPRESS_ROLES')),
    dataDirectory: resolve(read('PEERPRESS_DATA') ?? 'data'),
    clickhouseUrl: read('PEERPRESS_CLICKHOUSE_URL'),
    clickhouseCluster: parseCluster(
      read('PEERPRESS_CLICKHOUSE_CLUSTER'),
      read('PEERPRESS_CLICKHOUSE_URL') !== undefined,
    ),
    storeMemory: parseStoreMemory(read('PEERPRESS_STORE_MEMORY')),
    retentionDays: parseRetentionDays(read('PEERPRESS_RETENTION_DAYS') ?? '400'),
    postgresUrl: read('PEERPRESS_POSTGRES_URL'),
    iceServers,
    relayOnly: parseRelayOnly(parseSwitch('PEERPRESS_RELAY_ONLY', read('PEERPRESS_RELAY_ONLY')), iceServers),
    minSwarm: parseMinSwarm(read('PEERPRESS_MIN_SWARM') ?? '2'),
    mirrors: parseMirrors(listOf(read('PEERPRESS_MIRRORS')), read('PEERPRESS_PUBLIC_URL')),
    beaconsPerNetwork: parseBeaconRate(
      'PEERPRESS_BEACONS_PER_NETWORK',
      read('PEERPRESS_BEACONS_PER_NETWORK') ?? '200',
    ),
    beaconsPerSite: parseBeaconRate(
      'PEERPRESS_BEACONS_PER_SITE',
      read('PEERPRESS_BEACONS_PER_SITE') ?? '2000',
    ),
    trustProxy: listOf(read('PEERPRESS_TRUST_PROXY')),
    maxLogBytes: parseLogBytes(read('PEERPRESS_MAX_LOG_BYTES') ?? String(2 * 1024 ** 3)),
    cityFile: resolved(read('PEERPRESS_CITY_FILE')),
    asnFile: resolved(read('PEERPRESS_ASN_FILE')),
    publicReports: parseSwitch('PEERPRESS_PUBLIC_REPORTS', read('PEERPRESS_PUBLIC_REPORTS')),
  }
}

function listOf(text = ''): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
}

function parsePort(text: string): number {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535) {
    throw new ServerError('bad-config', `PEERPRESS_PORT is "${text}"; give a port from 0 to 65535`)
  }
  return port
}

function parseOrigin(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search !== '') {
    throw new ServerError(
      'bad-config',
      `PEERPRESS_PUBLIC_URL is "${text}"; give an origin such as https://peerpress.example.org`,
    )
  }
  return url.origin
}

function parseIceServers(text: string): IceServer[] {
  try {
    return v.parse(iceServersSchema, JSON.parse(text))
  } catch (cause) {
    // The value may hold a TURN credential, so it is not repeated.
    throw new ServerError(
      'bad-config',
      'PEERPRESS_ICE_SERVERS is not a JSON list of {"urls": ["stun:host:port"], …}',
      { cause },
    )
  }
}

function parseCluster(name: string | undefined, hasServer: boolean): string | undefined {
  if (name === undefined) return undefined
  if (!/^[\w.-]{1,100}$/.test(name)) {
    throw new ServerError(
      'bad-config',
      `PEERPRESS_CLICKHOUSE_CLUSTER is "${name}"; give a name of letters, digits, dots, dashes and underscores`,
    )
  }
  if (!hasServer) {
    throw new ServerError(
      'bad-config',
      'PEERPRESS_CLICKHOUSE_CLUSTER needs PEERPRESS_CLICKHOUSE_URL: the address of one of its nodes',
    )
  }
  return name
}

function parseStoreMemory(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,8}$/.test(text) || Number(text) < 512) {
    throw new ServerError('bad-config', `PEERPRESS_STORE_MEMORY is "${text}"; give MiB, 512 at least`)
  }
  return Number(text) * 1024 ** 2
}

function parseRetentionDays(text: string): number {
  const days = Number(text)
  if (!/^\d{1,5}$/.test(text) || days < 1 || days > maxRetentionDays) {
    throw new ServerError(
      'bad-config',
      `PEERPRESS_RETENTION_DAYS is "${text}"; give a number from 1 to ${maxRetentionDays}`,
    )
  }
  return days
}

function parseMinSwarm(text: string): number {
  const peers = Number(text)
  if (!/^\d{1,4}$/.test(text) || peers < 2) {
    throw new ServerError('bad-config', `PEERPRESS_MIN_SWARM is "${text}"; give a number from 2 to 9999`)
  }
  return peers
}

function parseMirrors(texts: readonly string[], publicUrl = 'http://localhost'): readonly string[] {
  const mirrors = texts.map((text) => (text.endsWith('/') ? text : `${text}/`))
  const wrong = mirrors.find((mirror) => !isMirror(mirror, publicUrl))
  if (wrong !== undefined || mirrors.length > maxMirrors) {
    throw new ServerError(
      'bad-config',
      `PEERPRESS_MIRRORS has ${wrong === undefined ? `${mirrors.length} entries` : `"${wrong}"`}; give at most ${maxMirrors} addresses such as https://cdn.example.org/mirror/, http only where this server has no https either`,
    )
  }
  return mirrors
}

function parseBeaconRate(name: string, text: string): number {
  if (!/^\d{1,7}$/.test(text)) {
    throw new ServerError('bad-config', `${name} is "${text}"; give beacons per second, or 0 for any number`)
  }
  return Number(text) || Infinity
}

function parseLogBytes(text: string): number {
  const bytes = Number(text)
  if (!/^\d{1,15}$/.test(text) || bytes < 1024 ** 2) {
    throw new ServerError('bad-config', `PEERPRESS_MAX_LOG_BYTES is "${text}"; give bytes, from 1048576 on`)
  }
  return bytes
}

function resolved(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(path)
}

function parseRelayOnly(isWanted: boolean, iceServers: readonly IceServer[]): boolean {
  if (isWanted && !iceServers.some(({ urls }) => urls.some((url) => /^turns?:/.test(url)))) {
    throw new ServerError(
      'bad-config',
      'PEERPRESS_RELAY_ONLY is 1, but no TURN server is in PEERPRESS_ICE_SERVERS: no peer could connect; name one, or leave it out',
    )
  }
  return isWanted
}

function parseSwitch(name: keyof typeof environmentVariables, text = '0'): boolean {
  if (text === '1' || text === 'true') return true
  if (text === '0' || text === 'false') return false
  throw new ServerError('bad-config', `${name} is "${text}"; give 1 or 0`)
}
