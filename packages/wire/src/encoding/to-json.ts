/**
 * Serializes plain objects, lists and primitives as `JSON.stringify` does, but ignores `toJSON` methods on
 * `Array.prototype` and `Object.prototype`. Prototype before 1.7 defines one that turns every list into a string.
 */
export function toJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => toJson(item)).join()}]`
  if (typeof value != 'object' || !value) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${toJson(member)}`).join()}}`
}
