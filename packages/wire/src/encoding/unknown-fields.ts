/**
 * A tally of message fields that this release ignores because it does not know them. They belong to a later release.
 */
export interface UnknownFields {
  unknownFields: number
}

/** Counts the fields of a parsed JSON value that are missing in the decoded value, at all levels. */
export function countUnknownFields(value: unknown, read: unknown): number {
  if (typeof value !== 'object' || value === null || typeof read !== 'object' || read === null) return 0
  let count = 0
  for (const [name, field] of Object.entries(value))
    count += Object.hasOwn(read, name)
      ? countUnknownFields(field, (read as Record<string, unknown>)[name])
      : 1
  return count
}
