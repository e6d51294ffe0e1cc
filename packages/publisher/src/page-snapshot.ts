import { isUtf8 } from 'node:buffer'
import { maxSnapshotSize, type Snapshot, snapshotHeaders } from '@peerpress/wire'
import { Parser } from 'htmlparser2'
import type { AssetStore } from './asset-store.ts'
import { parseMediaType } from './media-type.ts'
import type { SiteResponse } from './site-client.ts'

/** A page that may be kept as a saved copy, and what a manifest says of it but for its name. */
export interface PageSnapshot extends Omit<Snapshot, 'id' | 'size'> {
  readonly html: Buffer
}

/**
 * The snapshot that a page allows. null when it is no HTML in UTF-8 with a `<body>` tag, is larger than
 * `maxSnapshotSize`, has policies that no manifest can
 * carry, or when the site says that shared caches must not keep it.
 */
export function snapshotOf({ header }: Pick<SiteResponse, 'header'>, html: Buffer): PageSnapshot | null {
  const contentType = header('content-type')
  const charset = /charset\s*=\s*"?([^\s";]+)/i.exec(contentType ?? '')?.[1] ?? 'utf-8'
  if (parseMediaType(contentType) !== 'text/html' || !/^utf-?8$/i.test(charset)) return null
  if (/\b(?:no-store|private)\b/i.test(header('cache-control') ?? '')) return null
  if (html.length > maxSnapshotSize || !isUtf8(html)) return null
  const headers = policiesOf(header)
  const body = bodyStart(html.toString())
  return body === null || !fits(headers) ? null : { html, body, headers }
}

/** Stores a snapshot beside the assets, as one chunk. */
export async function storeSnapshot(
  { html, body, headers }: PageSnapshot,
  store: AssetStore,
): Promise<Snapshot | null> {
  const stored = await store.receive([html], maxSnapshotSize)
  return stored && { id: stored.id, size: stored.size, body, headers }
}

/** Where the content of the body begins, bytes. */
function bodyStart(html: string): number | null {
  let start: number | null = null
  const parser = new Parser({
    onopentag(name) {
      if (name === 'body') start ??= Buffer.byteLength(html.slice(0, parser.endIndex + 1))
    },
  })
  parser.end(html)
  return start
}

function policiesOf(header: SiteResponse['header']): Snapshot['headers'] {
  const said = snapshotHeaders.map((name) => [name, header(name)] as const)
  return Object.fromEntries(said.filter(([, value]) => value))
}

/** What the manifest could not carry must not be dropped: the copy would be bound by less than the page. */
function fits(headers: Snapshot['headers']): boolean {
  return Object.values(headers).every((value) => /^[\t\x20-\x7e]{1,8192}$/.test(value))
}
