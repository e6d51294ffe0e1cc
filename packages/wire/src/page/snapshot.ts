import { countField, expect, fieldsOf, patternField } from '../encoding/fields.ts'
import type { AssetId } from '../ids.ts'
import { hashPattern } from '../patterns.ts'

/** Maximum size of a page that a snapshot is made of, bytes. */
export const maxSnapshotSize = 1024 * 1024

/** Header fields that restrict a page and must be sent with every copy of it. */
export const snapshotHeaders = [
  'content-security-policy',
  'cross-origin-embedder-policy',
  'cross-origin-opener-policy',
  'permissions-policy',
  'referrer-policy',
] as const

/**
 * A post's page as the public received it, HTML in UTF-8. It is not an asset: readers do not exchange it. The server's
 * mirror serves it, and a reader's browser shows it when the origin cannot be reached.
 */
export interface Snapshot {
  /** Its name in the mirror, formed like the id of an asset of one chunk: the SHA-256 of the SHA-256 of its bytes. */
  readonly id: AssetId
  /** bytes, at most {@link maxSnapshotSize} */
  readonly size: number
  /** Offset of the body's content, bytes. The mark of a saved copy is inserted there. */
  readonly body: number
  /** The policies that the page was served with, by header name. */
  readonly headers: Readonly<Partial<Record<(typeof snapshotHeaders)[number], string>>>
}

/**
 * Decodes the snapshot of a manifest.
 * @throws {WireError} `invalid`.
 */
export function decodeSnapshot(value: unknown): Snapshot {
  const { id, size, body, headers } = fieldsOf(value, ['id', 'size', 'body', 'headers'])
  const length = countField(size, 'snapshot.size', [1, maxSnapshotSize])
  const policies = Object(headers) as Readonly<Record<string, unknown>>
  expect(policies === headers && !Array.isArray(policies), 'snapshot.headers')
  const names = snapshotHeaders.filter((name) => Object.hasOwn(policies, name))
  // If an unknown policy were dropped, the copy would have more rights than the page.
  expect(Object.keys(policies).length === names.length, 'snapshot.headers')
  return {
    id: patternField(id, 'snapshot.id', hashPattern),
    size: length,
    body: countField(body, 'snapshot.body', [0, length]),
    headers: Object.fromEntries(
      names.map((name) => [
        name,
        patternField(policies[name], `snapshot.${name}`, /^[\t\x20-\x7e]{1,8192}$/),
      ]),
    ),
  }
}
