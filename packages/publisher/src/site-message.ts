import { parseHttpUrl } from '@peerpress/registry'
import { Webhook } from 'standardwebhooks'
import * as v from 'valibot'
import { PublisherError } from './publisher-error.ts'

/** Request headers, with names in lower case as node:http returns them. */
export type MessageHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** A verified message of a site's CMS. */
export interface SiteMessage {
  /** `webhook-id`. It is the same for every delivery of one message. */
  readonly id: string
  /** Time of signing by the site's clock, at most five minutes from now. */
  readonly sentAt: Date
  /** The CMS's home URL; null for release 0.1 of the plugin, which sends none. */
  readonly homeUrl: string | null
  /** The parsed JSON. Its sender is verified, its shape is not. */
  readonly content: unknown
}

/** Maximum size of a message, bytes. */
const maxMessageLength = 64 * 1024
/** Maximum difference between a message's time and now, ms: the tolerance that Standard Webhooks prescribes. */
const tolerance = 5 * 60 * 1000

/** The fields that every message may have. */
export const commonSchema = v.object({
  home_url: v.optional(
    v.pipe(
      v.string(),
      v.check((text) => parseHttpUrl(text) !== null, 'not an http(s) address without credentials'),
    ),
  ),
})

/**
 * Verifies the signature of a message (Standard Webhooks 1.0, HMAC-SHA256) and parses it.
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
  // The library checks the time before the signature, and only its error text would distinguish the two failures.
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
 * Decodes the content of a message with a schema.
 * @throws {PublisherError} `bad-event`, with the first wrong field.
 */
export function readAs<T extends v.GenericSchema>(schema: T, content: unknown): v.InferOutput<T> {
  const read = v.safeParse(schema, content)
  if (read.success) return read.output
  const [issue] = read.issues
  throw new PublisherError('bad-event', `${v.getDotPath(issue) ?? 'message'}: ${issue.message}`)
}

/**
 * Returns whether a message's home URL is the one under which the site is registered, compared without scheme, `www.`
 * and trailing slashes. A copy of the CMS at another address has the original's secret, but must not act for it.
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
