import { maxRetentionDays } from '@peerpress/store'
import { isMirror, maxMirrors } from '@peerpress/wire'
import { roleNames } from '../roles/role-names.ts'
import { optional, setting } from './setting.ts'
import {
  iceServers,
  issuerUrl,
  limit,
  mailAddress,
  onOff,
  origin,
  path,
  pathOrNone,
  proxies,
  roleList,
  scaled,
  serverUrl,
  smtpServer,
  text,
  urlPrefixes,
  wholeNumber,
} from './setting-types.ts'

/**
 * Every setting of the server, by its name in the code. The help of `./peerpress start`, `docs/settings.md` and
 * `.env.example` are made from this table: run `node packages/server/src/config/write-settings.ts` after a change.
 */
export const settings = {
  host: setting({
    variable: 'PEERPRESS_HOST',
    type: text('ADDRESS', 'an address'),
    default: '127.0.0.1',
    help: 'address to listen on',
  }),
  /** 0 lets the system choose. */
  port: setting({
    variable: 'PEERPRESS_PORT',
    type: wholeNumber('a port', { min: 0, max: 65_535 }),
    default: '4600',
    help: 'TCP port to listen on',
  }),
  /** No trailing slash. */
  publicUrl: optional({
    variable: 'PEERPRESS_PUBLIC_URL',
    type: origin,
    unset: 'the address that it listens on',
    help: 'origin at which browsers and sites reach the server, behind your TLS proxy',
  }),
  roles: setting({
    variable: 'PEERPRESS_ROLES',
    type: roleList,
    default: roleNames.join(','),
    help: 'roles that this server runs',
  }),
  dataDirectory: setting({
    variable: 'PEERPRESS_DATA',
    type: path('DIR'),
    default: './data',
    help: 'folder of the embedded engines, the write-ahead log and the assets',
  }),
  clickhouseUrl: optional({
    variable: 'PEERPRESS_CLICKHOUSE_URL',
    type: serverUrl,
    unset: 'chDB in the data folder',
    help: 'ClickHouse server for measurements, instead of the embedded engine',
    isSecret: true,
  }),
  clickhouseCluster: optional({
    variable: 'PEERPRESS_CLICKHOUSE_CLUSTER',
    type: text('NAME', 'a name of letters, digits, dots, dashes and underscores', /^[\w.-]{1,100}$/),
    unset: 'one node',
    help: 'cluster that the ClickHouse server is a node of: tables are then replicated and sharded over all of it',
    check: (_name, { clickhouseUrl }) =>
      clickhouseUrl === undefined
        ? 'it needs PEERPRESS_CLICKHOUSE_URL: the address of one of the nodes'
        : undefined,
  }),
  /** bytes. One report takes at most half of it, also on a ClickHouse server. */
  storeMemory: optional({
    variable: 'PEERPRESS_STORE_MEMORY',
    type: scaled(wholeNumber('MiB', { min: 512, max: 99_999_999 }), 1024 ** 2),
    unset: "a quarter of the machine's memory, 1024 to 16384",
    help: 'MiB of memory for the embedded chDB',
  }),
  /** Sites may choose another number. */
  retentionDays: setting({
    variable: 'PEERPRESS_RETENTION_DAYS',
    type: wholeNumber('days', { min: 1, max: maxRetentionDays }),
    default: '400',
    help: 'days for which measurements are stored, unless a site chooses another number',
  }),
  postgresUrl: optional({
    variable: 'PEERPRESS_POSTGRES_URL',
    type: text('URL', 'a URL such as postgres://user:password@host:5432/database'),
    unset: 'PGlite in the data folder',
    help: 'PostgreSQL server for records and jobs, instead of the embedded engine',
    isSecret: true,
  }),
  /** Sent to readers. */
  iceServers: setting({
    variable: 'PEERPRESS_ICE_SERVERS',
    type: iceServers,
    default: '[]',
    help: 'STUN and TURN servers for readers',
    isSecret: true,
  }),
  relayOnly: setting({
    variable: 'PEERPRESS_RELAY_ONLY',
    type: onOff,
    default: '0',
    help: "peers connect only through TURN servers, so that no reader learns another's address",
    check: (isOn, others) =>
      !isOn || others.iceServers.some(({ urls }) => urls.some((url) => /^turns?:/.test(url)))
        ? undefined
        : 'no peer could connect, because PEERPRESS_ICE_SERVERS names no TURN server: add one, or set it to 0',
  }),
  minSwarm: setting({
    variable: 'PEERPRESS_MIN_SWARM',
    type: wholeNumber('readers', { min: 2, max: 9999 }),
    default: '2',
    help: 'minimum number of readers of a post before any of them is introduced to another',
  }),
  /** In the order in which readers ask them. An asset's id is appended to each. */
  mirrors: setting({
    variable: 'PEERPRESS_MIRRORS',
    type: urlPrefixes,
    default: '',
    help: 'copies of /v1/mirror/ that readers ask before the server, in this order',
    check(mirrors, { publicUrl = 'http://localhost' }) {
      if (mirrors.length > maxMirrors) return `it has ${mirrors.length} entries: give at most ${maxMirrors}`
      const wrong = mirrors.find((mirror) => !isMirror(mirror, publicUrl))
      return wrong === undefined
        ? undefined
        : `"${wrong}" cannot be loaded by pages of this server: give addresses such as https://cdn.example.org/mirror/, with http only if the server has no https either`
    },
  }),
  /** Beacons per second of one network, IPv4 /24 or IPv6 /48. */
  beaconsPerNetwork: setting({
    variable: 'PEERPRESS_BEACONS_PER_NETWORK',
    type: limit('beacons per second', 9_999_999),
    default: '200',
    help: 'beacons per second that are accepted from one network (IPv4 /24, IPv6 /48)',
  }),
  beaconsPerSite: setting({
    variable: 'PEERPRESS_BEACONS_PER_SITE',
    type: limit('beacons per second', 9_999_999),
    default: '2000',
    help: 'beacons per second that are accepted for one site',
  }),
  /** bytes. Further beacons are refused until the store has taken some. */
  maxLogBytes: setting({
    variable: 'PEERPRESS_MAX_LOG_BYTES',
    type: wholeNumber('bytes', { min: 1024 ** 2, max: 1024 ** 5 }),
    default: String(2 * 1024 ** 3),
    help: 'bytes of beacons that may wait on disk while the store is unavailable',
  }),
  /** Read again when it is replaced. */
  cityFile: optional({
    variable: 'PEERPRESS_CITY_FILE',
    type: path('FILE'),
    unset: 'countries only',
    help: 'MMDB file of cities for subdivisions, such as GeoLite2-City.mmdb',
  }),
  /** Read again when it is replaced. */
  asnFile: optional({
    variable: 'PEERPRESS_ASN_FILE',
    type: path('FILE'),
    unset: 'no networks',
    help: 'MMDB file of autonomous systems for networks, such as GeoLite2-ASN.mmdb',
  }),
  /** null: no browser probes. */
  chromiumPath: setting({
    variable: 'PEERPRESS_CHROMIUM_PATH',
    type: pathOrNone('FILE'),
    default: '/usr/bin/chromium',
    help: 'Chromium for browser probes of sites; there are none if the file is missing or this is "none"',
  }),
  trustProxy: setting({
    variable: 'PEERPRESS_TRUST_PROXY',
    type: proxies,
    default: '',
    help: 'proxies whose X-Forwarded-For is trusted',
  }),
  smtpUrl: optional({
    variable: 'PEERPRESS_SMTP_URL',
    type: smtpServer,
    unset: 'no e-mail is sent',
    help: 'SMTP server for notifications by e-mail',
    isSecret: true,
    check: (_url, { mailFrom }) =>
      mailFrom === undefined
        ? 'it needs PEERPRESS_MAIL_FROM: the address that messages come from'
        : undefined,
  }),
  mailFrom: optional({
    variable: 'PEERPRESS_MAIL_FROM',
    type: mailAddress,
    unset: 'no e-mail is sent',
    help: 'address that notifications by e-mail come from',
  }),
  oidcIssuer: optional({
    variable: 'PEERPRESS_OIDC_ISSUER',
    type: issuerUrl,
    unset: 'nobody signs in by an identity provider',
    help: 'issuer URL of an OpenID Connect provider that people sign in by',
    check: (_url, { oidcClientId }) =>
      oidcClientId === undefined
        ? 'it needs PEERPRESS_OIDC_CLIENT_ID: the id that the provider gave this server'
        : undefined,
  }),
  oidcClientId: optional({
    variable: 'PEERPRESS_OIDC_CLIENT_ID',
    type: text('ID', 'at most 200 printable characters', /^[\x21-\x7e]{1,200}$/),
    unset: 'no provider',
    help: 'id of this server at the OpenID Connect provider',
  }),
  /** Read at the first sign-in after a start. */
  oidcSecretFile: optional({
    variable: 'PEERPRESS_OIDC_SECRET_FILE',
    type: path('FILE'),
    unset: 'a public client, with PKCE alone',
    help: 'file with the secret of this server at the OpenID Connect provider',
  }),
  oidcName: setting({
    variable: 'PEERPRESS_OIDC_NAME',
    type: text('NAME', 'at most 60 letters, digits, spaces, dots and dashes', /^[\p{L}\p{N} .-]{1,60}$/u),
    default: 'your organisation',
    help: 'name of the OpenID Connect provider on the page to sign in',
  }),
  persistedOnly: setting({
    variable: 'PEERPRESS_PERSISTED_ONLY',
    type: onOff,
    default: '0',
    help: "the graph answers the dashboard's own documents alone, and any document with the operator token",
  }),
  googleClientId: optional({
    variable: 'PEERPRESS_GOOGLE_CLIENT_ID',
    type: text('ID', 'a client id'),
    unset: 'Search Console is connected by keys of service accounts alone',
    help: 'OAuth client of Google (type "web application") for connections to Search Console',
    check: (_id, { googleClientSecret }) =>
      googleClientSecret === undefined
        ? 'it needs PEERPRESS_GOOGLE_CLIENT_SECRET: the secret of the same client'
        : undefined,
  }),
  googleClientSecret: optional({
    variable: 'PEERPRESS_GOOGLE_CLIENT_SECRET',
    type: text('SECRET', 'a client secret'),
    unset: 'Search Console is connected by keys of service accounts alone',
    help: 'secret of the OAuth client of Google',
    isSecret: true,
  }),
  publicReports: setting({
    variable: 'PEERPRESS_PUBLIC_REPORTS',
    type: onOff,
    default: '0',
    help: 'everybody can read the reports of all sites, without signing in',
  }),
} as const
