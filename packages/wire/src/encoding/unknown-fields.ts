/**
 * A tally of message fields that this release ignores because it does not know them. They belong to a later release.
 */
export interface UnknownFields {
  unknownFields: number
}

/**
 * Counts the fields of a parsed JSON value that are missing in the decoded value, at all levels.
 *
 * Every message of the tracker passes here. A list of entries, or of names, would take as long as the message's checks.
 */
export function countUnknownFields(value: unknown, read: unknown): number {
  if (typeof value !== 'object' || value === null || typeof read !== 'object' || read === null) return 0
  let count = 0
  for (const name in value)
    count += Object.hasOwn(read, name)
      ? countUnknownFields((value as Record<string, unknown>)[name], (read as Record<string, unknown>)[name])
      : 1
  return count
}
