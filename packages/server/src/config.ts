import { resolve } from 'node:path'
import * as v from 'valibot'
import { ServerError } from './server-error.ts'

/** Everything a server is told from outside. */
export interface ServerConfig {
  /** Address to listen on. @default '127.0.0.1' */
  readonly host: string
  /** TCP port; 0 lets the system choose. @default 4600 */
  readonly port: number
  /** Origin that browsers and sites reach the server by, no trailing slash. Unset: `http://host:port`. */
  readonly publicUrl: string | undefined
  /** Folder of the embedded engines, the write-ahead log and the assets. @default './data' */
  readonly dataDirectory: string
  /** A ClickHouse server in place of the embedded chDB; credentials may be in the URL. */
  readonly clickhouseUrl: string | undefined
  /** A PostgreSQL server in place of the embedded PGlite. */
  readonly postgresUrl: string | undefined
  /** STUN and TURN servers that readers are told. @default [] */
  readonly iceServers: readonly IceServer[]
  /** Readers of a post that must be there before any is introduced to another. @default 2 */
  readonly minSwarm: number
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
  PEERPRESS_DATA: 'folder for the embedded engines, the log and the assets (./data)',
  PEERPRESS_CLICKHOUSE_URL: 'a ClickHouse server in place of the embedded engine',
  PEERPRESS_POSTGRES_URL: 'a PostgreSQL server in place of the embedded engine',
  PEERPRESS_ICE_SERVERS: 'STUN and TURN servers as a JSON list',
  PEERPRESS_MIN_SWARM: 'readers of a post below which none is introduced to another (2)',
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
  return {
    host: read('PEERPRESS_HOST') ?? '127.0.0.1',
    port: parsePort(read('PEERPRESS_PORT') ?? '4600'),
    publicUrl: parseOrigin(read('PEERPRESS_PUBLIC_URL')),
    dataDirectory: resolve(read('PEERPRESS_DATA') ?? 'data'),
    clickhouseUrl: read('PEERPRESS_CLICKHOUSE_URL'),
    postgresUrl: read('PEERPRESS_POSTGRES_URL'),
    iceServers: parseIceServers(read('PEERPRESS_ICE_SERVERS') ?? '[]'),
    minSwarm: parseMinSwarm(read('PEERPRESS_MIN_SWARM') ?? '2'),
    trustProxy: (read('PEERPRESS_TRUST_PROXY') ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
    publicReports: parseSwitch(read('PEERPRESS_PUBLIC_REPORTS') ?? '0'),
  }
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

function parseMinSwarm(text: string): number {
  const peers = Number(text)
  if (!/^\d{1,4}$/.test(text) || peers < 2) {
    throw new ServerError('bad-config', `PEERPRESS_MIN_SWARM is "${text}"; give a number from 2 to 9999`)
  }
  return peers
}

function parseSwitch(text: string): boolean {
  if (text === '1' || text === 'true') return true
  if (text === '0' || text === 'false') return false
  throw new ServerError('bad-config', `PEERPRESS_PUBLIC_REPORTS is "${text}"; give 1 or 0`)
}
