import { PublisherError } from '@peerpress/publisher'
import { privateAddress } from './address-policy.ts'
import { ProbeFailed } from './probe-failure.ts'

/** How far an exchange got before it failed. */
export interface ExchangeProgress {
  readonly host: string
  /** Whether the connection, encryption included, was established. */
  readonly isConnected: boolean
}

/** Converts an error of a socket or of Node's HTTP client into a failure with words for people. */
export function networkFailure(error: unknown, { host, isConnected }: ExchangeProgress): ProbeFailed {
  if (error instanceof ProbeFailed) return error
  if (error instanceof PublisherError && error.code === 'private-address') return privateAddress(host)
  const codes = codesOf(error)
  const known = failures.find(({ pattern }) => codes.some((code) => pattern.test(code)))
  if (known !== undefined) return new ProbeFailed(known.code, known.message(host), { cause: error })
  if (isConnected) return new ProbeFailed('connection-lost', connectionLost(host), { cause: error })
  return new ProbeFailed('unreachable', unreachable(host), { cause: error })
}

/** The codes of an error. A connection that was tried on several addresses has one error for each. */
function codesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return []
  const inner = error instanceof AggregateError ? error.errors.flatMap(codesOf) : []
  return 'code' in error ? [String(error.code), ...inner] : inner
}

const unreachable = (host: string) =>
  `No connection to ${host} was established. Check that the server runs and that its firewall lets visitors through.`
const connectionLost = (host: string) =>
  `${host} closed the connection before the page was complete. Check the web server's error log.`

interface KnownFailure {
  readonly pattern: RegExp
  readonly code: ProbeFailed['code']
  readonly message: (host: string) => string
}

// Codes: https://nodejs.org/api/errors.html and https://nodejs.org/api/tls.html#x509-certificate-error-codes
const failures: readonly KnownFailure[] = [
  {
    pattern: /^ENOTFOUND$|^ENODATA$/,
    code: 'no-such-host',
    message: (host) =>
      `No name server knows ${host}. Check the domain's DNS records and that the domain is paid for.`,
  },
  {
    pattern: /^EAI_|^ETIMEOUT$|^ESERVFAIL$/,
    code: 'dns-failed',
    message: (host) => `The name servers did not answer for ${host}. Check the domain's name servers.`,
  },
  {
    pattern: /^ECONNREFUSED$/,
    code: 'connection-refused',
    message: (host) => `${host} refuses connections. Check that the web server runs.`,
  },
  {
    pattern: /^CERT_HAS_EXPIRED$/,
    code: 'bad-certificate',
    message: (host) =>
      `The certificate of ${host} has expired: browsers show a warning instead of the site. Renew it.`,
  },
  {
    pattern: /^CERT_NOT_YET_VALID$/,
    code: 'bad-certificate',
    message: (host) =>
      `The certificate of ${host} is not valid yet. Check the clocks of this server and of the site.`,
  },
  {
    pattern: /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    code: 'bad-certificate',
    message: (host) => `The certificate is for other names than ${host}. Get one that contains this name.`,
  },
  {
    pattern:
      /^DEPTH_ZERO_SELF_SIGNED_CERT$|^SELF_SIGNED_CERT_IN_CHAIN$|^UNABLE_TO_|^CERT_|^CRL_|^INVALID_(?:CA|PURPOSE)$|^HOSTNAME_MISMATCH$/,
    code: 'bad-certificate',
    message: (host) =>
      `Browsers do not trust the certificate of ${host}. Get one of a public authority, and send its intermediate certificates too.`,
  },
  {
    pattern: /^ERR_SSL_|^EPROTO$|^ERR_TLS_/,
    code: 'tls-failed',
    message: (host) =>
      `${host} speaks no encryption that browsers accept on this port. Check the web server's TLS settings.`,
  },
  {
    pattern: /^HPE_/,
    code: 'bad-response',
    message: (host) => `The response of ${host} is not valid HTTP, or its headers are too large.`,
  },
  {
    pattern: /^ETIMEDOUT$|^EHOSTUNREACH$|^ENETUNREACH$|^EHOSTDOWN$/,
    code: 'unreachable',
    message: unreachable,
  },
  { pattern: /^ECONNRESET$|^EPIPE$|^ECONNABORTED$/, code: 'connection-lost', message: connectionLost },
]
