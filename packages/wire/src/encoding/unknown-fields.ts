/** Fields of messages that this release does not know: it ignores them, for they are of a later one. */
export interface UnknownFields {
  unknownFields: number
}

/** How many fields of a parsed JSON text are not in what was read of it, in all its objects and lists. */
export function countUnknownFields(value: unknown, read: unknown): number {
  if (typeof value !== 'object' || value === null || typeof read !== 'object' || read === null) return 0
  let count = 0
  for (const [name, field] of Object.entries(value))
    count += Object.hasOwn(read, name)
      ? countUnknownFields(field, (read as Record<string, unknown>)[name])
      : 1
  return count
}
