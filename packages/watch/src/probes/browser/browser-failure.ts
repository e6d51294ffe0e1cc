import { ProbeFailed, type ProbeFailureCode } from '../probe-failure.ts'

/** Converts Chromium's name of a network error (`net::ERR_…`) into a failure of a host. */
export function browserFailure(error: unknown, host: string): ProbeFailed {
  if (error instanceof ProbeFailed) return error
  const text = error instanceof Error ? error.message : String(error)
  const known = failures.find(([pattern]) => pattern.test(text))
  const name = /net::ERR_[A-Z_]+/.exec(text)?.[0] ?? 'an unknown error'
  const [, code, message] = known ?? [null, 'connection-lost' as const, `did not deliver the page: ${name}.`]
  return new ProbeFailed(code, `${host} ${message}`, { cause: error })
}

// https://chromium.googlesource.com/chromium/src/+/main/net/base/net_error_list.h
const failures: readonly (readonly [RegExp, ProbeFailureCode, string])[] = [
  [
    /ERR_CERT_DATE_INVALID/,
    'bad-certificate',
    'has a certificate that has expired or is not valid yet. Renew it.',
  ],
  [
    /ERR_CERT_COMMON_NAME_INVALID/,
    'bad-certificate',
    'has a certificate for other names. Get one that contains this name.',
  ],
  [
    /ERR_CERT_|ERR_CERTIFICATE_/,
    'bad-certificate',
    'has a certificate that browsers do not trust. Get one of a public authority, and send its intermediate certificates too.',
  ],
  [
    /ERR_SSL_/,
    'tls-failed',
    "speaks no encryption that browsers accept on this port. Check the web server's TLS settings.",
  ],
  [
    /ERR_TOO_MANY_REDIRECTS/,
    'redirect-loop',
    'redirects without end: no browser shows the page. Check the site\'s address and its rules for HTTPS and "www".',
  ],
  [
    /ERR_UNSAFE_REDIRECT|ERR_INVALID_REDIRECT|ERR_UNKNOWN_URL_SCHEME|ERR_DISALLOWED_URL_SCHEME/,
    'bad-redirect',
    'redirects to an address that is no web page.',
  ],
  [
    /ERR_INVALID_HTTP_RESPONSE|ERR_RESPONSE_HEADERS_|ERR_CONTENT_DECODING_FAILED|ERR_INVALID_CHUNKED|ERR_HTTP2_/,
    'bad-response',
    'sent a response that is not valid HTTP.',
  ],
  [/ERR_ABORTED/, 'bad-response', 'sent a download or an empty response instead of a page.'],
]
