/** The reason why a probe failed. Codes are stable: they are stored, and alerts group by them. */
export const probeFailureCodes = [
  /** The host's address is private, link-local, loopback or otherwise not public, and the site may not have such. */
  'private-address',
  /** No name server knows the host. */
  'no-such-host',
  /** The name servers did not answer. */
  'dns-failed',
  /** The host refuses connections on the port. */
  'connection-refused',
  /** No connection was established in time, or the network has no route to the host. */
  'unreachable',
  /** Browsers do not trust the certificate. */
  'bad-certificate',
  /** The encrypted connection could not be negotiated. */
  'tls-failed',
  /** The host accepted the connection and sent no response in time. */
  'no-answer',
  /** The connection ended before the response was complete. */
  'connection-lost',
  /** The response is not valid HTTP, or its headers are too large. */
  'bad-response',
  /** The status is neither success nor a redirect. */
  'bad-status',
  /** A firewall responded instead of the site, to check that a browser sent the request. */
  'challenged',
  /** The redirects lead back to an earlier URL, or are too many. */
  'redirect-loop',
  /** A redirect names no URL that a probe may follow. */
  'bad-redirect',
  /** The page has more bytes than a probe reads. */
  'too-large',
  /** The page did not arrive in time, although bytes arrived. */
  'too-slow',
  /** The browser did not finish loading the page in time. */
  'not-loaded',
  /** The browser's process of the page died, for example because the page used too much memory. */
  'page-crashed',
  /** The page fails with PeerPress's worker, or the worker does not start. */
  'worker-failed',
] as const
export type ProbeFailureCode = (typeof probeFailureCodes)[number]

/** Why a probe failed. */
export interface ProbeFailure {
  readonly code: ProbeFailureCode
  /** The same for people: what happened and what to do, at most 500 characters. */
  readonly message: string
}

/** A {@link ProbeFailure} that is thrown inside a probe. */
export class ProbeFailed extends Error {
  override readonly name = 'ProbeFailed'
  readonly code: ProbeFailureCode

  constructor(code: ProbeFailureCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
