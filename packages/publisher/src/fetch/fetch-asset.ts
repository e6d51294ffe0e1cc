import type { PublishedAsset, Site } from '@peerpress/registry'
import { dispositionPattern } from '@peerpress/wire'
import type { AssetStore } from '../assets/asset-store.ts'
import { parseMediaType } from './content-type.ts'
import type { LeftOutReason } from '../assets/left-out.ts'
import { headLength, isDeliverable, isFile, isMasquerading, sniffedType } from '../assets/media-type.ts'
import { PublisherError } from '../publisher-error.ts'
import { privateReason } from './shared-cache.ts'
import type { SiteClient, SiteResponse } from './site-client.ts'

export type FetchedAsset = { readonly asset: PublishedAsset } | { readonly leftOut: LeftOutReason }

export interface AssetContext {
  readonly site: Site
  readonly client: SiteClient
  readonly store: AssetStore
  /** The origin of the page that shows the asset. */
  readonly pageOrigin: string
  /** The asset that the latest publication has at this URL. */
  readonly previous: PublishedAsset | undefined
  /** bytes */
  readonly limit: number
  /** ms */
  readonly timeout: number
  readonly signal: AbortSignal
}

/**
 * Fetches one asset of a post into the store, or reuses the stored one if the origin reports that it is unchanged.
 * @throws {PublisherError} if another attempt may succeed.
 */
export async function fetchAsset(url: URL, context: AssetContext): Promise<FetchedAsset> {
  const { previous } = context
  const reusable = previous !== undefined && (await context.store.find(previous.id, previous.size)) !== null
  try {
    const response = await request(url, reusable ? conditionsOf(previous) : {}, context)
    try {
      if (reusable && response.status === 304) {
        const leftOut = privateReason(response.header)
        return leftOut === null ? { asset: previous } : { leftOut }
      }
      return await receive(url, response, context)
    } finally {
      response.discard()
    }
  } catch (error) {
    const leftOut = error instanceof PublisherError && lasting.find((code) => code === error.code)
    if (leftOut) return { leftOut }
    throw error
  }
}

/**
 * Requests the asset, and repeats the request without conditions after a CORS failure. Many servers omit the CORS
 * headers in a 304, although they send them in a reader's first response.
 */
async function request(
  url: URL,
  conditions: Readonly<Record<string, string>>,
  { client, site, ...options }: AssetContext,
): Promise<SiteResponse> {
  const { signal, timeout, pageOrigin } = options
  const get = (headers: Readonly<Record<string, string>>) =>
    client.get(site, url.href, { headers, signal, timeout, pageOrigin })
  try {
    return await get(conditions)
  } catch (error) {
    const isUnclear = error instanceof PublisherError && error.code === 'no-cors'
    if (!isUnclear || Object.keys(conditions).length === 0) throw error
    return get({})
  }
}

/** Failures that another attempt would repeat. */
const lasting = ['too-large', 'foreign-url', 'too-many-redirects', 'bad-encoding', 'no-cors'] as const

/**
 * Returns the conditions of a revalidation. A weak tag is unsuitable: it promises the same meaning, not the same bytes.
 */
function conditionsOf({ etag, lastModified }: PublishedAsset): Record<string, string> {
  const tag: Record<string, string> = etag !== null && !etag.startsWith('W/') ? { 'if-none-match': etag } : {}
  return lastModified === null ? tag : { ...tag, 'if-modified-since': lastModified }
}

async function receive(
  url: URL,
  response: SiteResponse,
  { store, limit, pageOrigin }: AssetContext,
): Promise<FetchedAsset> {
  const { status } = response
  if (status >= 400 && status < 500 && ![408, 425, 429].includes(status)) return { leftOut: 'gone' }
  if (status < 200 || status >= 400) throw new PublisherError('bad-status', `an asset answered ${status}`)
  if (status !== 200) return { leftOut: 'status' }
  const leftOut = privateReason(response.header)
  if (leftOut !== null) return { leftOut }
  const body = await readHead(response.read(limit))
  const type = sniffedType(parseMediaType(response.header('content-type')), body.head)
  const reason =
    typeReason(type, { url, arrived: response.url, head: body.head }) ??
    otherOriginReason(type, response, { url, pageOrigin })
  if (reason !== null || type === null) {
    await body.rest.return(undefined)
    return { leftOut: reason ?? 'type' }
  }
  const disposition = response.header('content-disposition')
  const isNamed = disposition !== null && /filename/i.test(disposition)
  if (isNamed && !dispositionPattern.test(disposition)) {
    await body.rest.return(undefined)
    return { leftOut: 'disposition' }
  }
  const stored = await store.receive(join(body.head, body.rest))
  if (stored === null) return { leftOut: 'empty' }
  const asset: PublishedAsset = {
    ...stored,
    url: url.href,
    type,
    ...(isNamed && { disposition }),
    etag: response.header('etag'),
    lastModified: response.header('last-modified'),
  }
  return { asset }
}

function typeReason(
  type: string | null,
  { url, arrived, head }: { url: URL; arrived: URL; head: Buffer },
): LeftOutReason | null {
  if (type === null || !isDeliverable(type, url) || !isDeliverable(type, arrived)) return 'type'
  if (head.length === 0) return 'empty'
  return isMasquerading(type, head) ? 'type' : null
}

/**
 * Returns the reason why the page's service worker cannot serve this type of media from another origin; null if it can.
 */
function otherOriginReason(
  type: string | null,
  { url: arrived, header }: SiteResponse,
  { url, pageOrigin }: { url: URL; pageOrigin: string },
): LeftOutReason | null {
  if (type === null || (url.origin === pageOrigin && arrived.origin === pageOrigin)) return null
  if (isFile(type) && url.origin !== pageOrigin) return 'other-origin-file'
  // Players need the range of each partial response.
  const exposed = header('access-control-expose-headers') ?? ''
  return /^(?:video|audio)\//.test(type) && !/(?:^|[,\s])(?:content-range|\*)(?:[,\s]|$)/i.test(exposed)
    ? 'no-cors'
    : null
}

async function readHead(
  pieces: AsyncGenerator<Buffer>,
): Promise<{ head: Buffer; rest: AsyncGenerator<Buffer> }> {
  let head: Buffer = Buffer.alloc(0)
  while (head.length < headLength) {
    const next = await pieces.next()
    if (next.done === true) break
    head = Buffer.concat([head, next.value])
  }
  return { head, rest: pieces }
}

async function* join(head: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head
  yield* rest
}
