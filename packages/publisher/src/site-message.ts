import { parseHttpUrl } from '@peerpress/registry'
import { Webhook } from 'standardwebhooks'
import * as v from 'valibot'
import { PublisherError } from './publisher-error.ts'

/** Request headers, names in lower case as node:http gives them. */
export type MessageHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** A verified message of a site's CMS. */
export interface SiteMessage {
  /** `webhook-id`: the same for every delivery of one message. */
  readonly id: string
  /** When it was signed, by the clock of the site; at most five minutes from now. */
  readonly sentAt: Date
  /** The home URL that the CMS gave for itself; null from release 0.1 of the plugin, which gives none. */
  readonly homeUrl: string | null
  /** The parsed JSON. Its sender is known, its shape is not. */
  readonly content: unknown
}

/** The largest message, bytes. */
const maxMessageLength = 64 * 1024
/** How far a message's time may be from now, ms: the tolerance Standard Webhooks prescribes. */
const tolerance = 5 * 60 * 1000

/** What every message may have. */
export const commonSchema = v.object({
  home_url: v.optional(
    v.pipe(
      v.string(),
      v.check((text) => parseHttpUrl(text) !== null, 'not an http(s) address without credentials'),
    ),
  ),
})

/**
 * Checks the signature of a message (Standard Webhooks 1.0, HMAC-SHA256) and parses it.
 * @throws {PublisherError} `bad-signature`, `stale`, `bad-event`.
 */
export function verifySiteMessage(secret: string, headers: MessageHeaders, body: Buffer): SiteMessage {
  if (body.length > maxMessageLength) {
    throw new PublisherError('bad-event', `more than ${maxMessageLength} bytes`)
  }
  const id = headerOf(headers, 'webhook-id')
  const timestamp = headerOf(headers, 'webhook-timestamp')
  const signature = headerOf(headers, 'webhook-signature')
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(id) || !/^\d{1,12}$/.test(timestamp) || signature === '') {
    throw new PublisherError('bad-signature', 'the webhook headers are missing or malformed')
  }
  // The library checks the time before the signature; only its own error text would tell the two apart.
  if (Math.abs(Date.now() - Number(timestamp) * 1000) > tolerance) {
    throw new PublisherError('stale', 'signed too long ago, or ahead of time')
  }
  try {
    new Webhook(secret).verify(
      body,
      { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature },
      { jsonParse: false },
    )
  } catch (cause) {
    throw new PublisherError('bad-signature', 'no signature of this site', { cause })
  }
  const content = parseJson(body)
  const { home_url: homeUrl = null } = readAs(commonSchema, content)
  return { id, sentAt: new Date(Number(timestamp) * 1000), homeUrl, content }
}

/**
 * The content of a message in the shape that it should have.
 * @throws {PublisherError} `bad-event`, with the first field that is wrong.
 */
export function readAs<T extends v.GenericSchema>(schema: T, content: unknown): v.InferOutput<T> {
  const read = v.safeParse(schema, content)
  if (read.success) return read.output
  const [issue] = read.issues
  throw new PublisherError('bad-event', `${v.getDotPath(issue) ?? 'message'}: ${issue.message}`)
}

/**
 * Whether a site's CMS gives the home URL under which the site is registered, compared without scheme, `www.` and
 * trailing slashes. A copy of the CMS, on another address, has the original's secret and must not speak for it.
 */
export function isHomeOf(site: { readonly url: string }, homeUrl: string | null): boolean {
  return homeUrl === null || comparable(homeUrl) === comparable(site.url)
}

function comparable(text: string): string {
  const { host, pathname } = new URL(text)
  let end = pathname.length
  while (pathname[end - 1] === '/') end--
  return `${host.replace(/^www\./, '')}${pathname.slice(0, end)}`
}

function headerOf(headers: MessageHeaders, name: string): string {
  const value = headers[name]
  return typeof value === 'string' ? value : ''
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch (cause) {
    throw new PublisherError('bad-event', 'not JSON', { cause })
  }
}
