import { maxSnapshotSize, type Snapshot, snapshotHeaders } from '@peerpress/wire'
import type { AssetStore } from '../assets/asset-store.ts'
import { readContentType } from '../fetch/content-type.ts'
import type { SiteResponse } from '../fetch/site-client.ts'

/** A page that may be saved as a copy, with the fields of its manifest entry except the name. */
export interface PageSnapshot extends Omit<Snapshot, 'id' | 'size'> {
  readonly html: Buffer
}

/**
 * Returns the snapshot that a page allows. It is null if the page is not HTML in UTF-8 with a `<body>` tag, is larger
 * than `maxSnapshotSize`, has policies that no manifest can carry, or if the site forbids shared caches to store it.
 * `body`: offset of the body's content, as returned by `readPage`.
 */
export function snapshotOf(
  { header }: Pick<SiteResponse, 'header'>,
  { html, body }: { readonly html: Buffer; readonly body: number | null },
): PageSnapshot | null {
  const { type, charset } = readContentType(header('content-type'))
  if (type !== 'text/html' || !/^utf-?8$/i.test(charset ?? 'utf-8')) return null
  if (/\b(?:no-store|private)\b/i.test(header('cache-control') ?? '')) return null
  if (body === null || html.length > maxSnapshotSize) return null
  const headers = policiesOf(header)
  return fits(headers) ? { html, body, headers } : null
}

/** Stores a snapshot beside the assets, as one chunk. */
export async function storeSnapshot(
  { html, body, headers }: PageSnapshot,
  store: AssetStore,
): Promise<Snapshot | null> {
  const stored = await store.receive([html], maxSnapshotSize)
  return stored && { id: stored.id, size: stored.size, body, headers }
}

function policiesOf(header: SiteResponse['header']): Snapshot['headers'] {
  const said = snapshotHeaders.map((name) => [name, header(name)] as const)
  return Object.fromEntries(said.filter(([, value]) => value))
}

/**
 * Returns whether the manifest can carry the policies. If one were dropped, the copy would be less restricted than the
 * page.
 */
function fits(headers: Snapshot['headers']): boolean {
  return Object.values(headers).every((value) => /^[\t\x20-\x7e]{1,8192}$/.test(value))
}
