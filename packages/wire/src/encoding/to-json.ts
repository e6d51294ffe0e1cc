/**
 * JSON of plain objects, lists and primitives, as `JSON.stringify` makes it where no script of the page has put a `toJSON`
 * on lists or objects: Prototype before 1.7 turns every list into a string by one.
 */
export function toJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => toJson(item)).join()}]`
  if (typeof value != 'object' || !value) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${toJson(member)}`).join()}}`
}
