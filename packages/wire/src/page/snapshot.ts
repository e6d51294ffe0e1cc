import { countField, expect, fieldsOf, patternField } from '../encoding/fields.ts'
import type { AssetId } from '../ids.ts'
import { hashPattern } from '../patterns.ts'

/** The largest page that a snapshot is made of, bytes. */
export const maxSnapshotSize = 1024 * 1024

/** Header fields that bind a page wherever it is shown, as a response names them. */
export const snapshotHeaders = [
  'content-security-policy',
  'cross-origin-embedder-policy',
  'cross-origin-opener-policy',
  'permissions-policy',
  'referrer-policy',
] as const

/**
 * A post's page as the public was served it, HTML in UTF-8. It is no asset: no reader gives it to another. The server's
 * mirror has it, and a reader's browser shows it when the origin cannot be reached.
 */
export interface Snapshot {
  /** Its name in the mirror: that of an asset of one chunk, so the SHA-256 of the SHA-256 of its bytes. */
  readonly id: AssetId
  /** bytes, at most {@link maxSnapshotSize} */
  readonly size: number
  /** Where its body begins, bytes: what marks it as a saved copy goes there. */
  readonly body: number
  /** The policies that it was served with, by name. */
  readonly headers: Readonly<Partial<Record<(typeof snapshotHeaders)[number], string>>>
}

/**
 * Reads a snapshot out of a manifest.
 * @throws {WireError} `invalid`.
 */
export function decodeSnapshot(value: unknown): Snapshot {
  const { id, size, body, headers } = fieldsOf(value, ['id', 'size', 'body', 'headers'])
  const length = countField(size, 'snapshot.size', [1, maxSnapshotSize])
  const names = snapshotHeaders.filter((name) => Object.hasOwn(Object(headers) as object, name))
  const policies = fieldsOf(headers, names)
  // A policy that nobody here knows would be lost, and the copy would be allowed more than the page.
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
