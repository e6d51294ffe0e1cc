import { WireError } from '../wire-error.ts'

// Decoders for the reader's browser use these functions. The schema library would be an eighth of its download.

/**
 * Returns the fields of an object after checking that all `names` are present. A missing optional field is undefined.
 * Unknown fields belong to a later release and are ignored.
 * @throws {WireError} `invalid` if a field is missing or the value is not an object.
 */
export function fieldsOf<Name extends string>(
  value: unknown,
  names: readonly [Name, ...Name[]],
): Readonly<Record<string, unknown>> & Readonly<Record<Name, unknown>> {
  // An object of a list, a text, a number, null or undefined has no such field.
  const object = Object(value) as Record<Name, unknown>
  for (const name of names) expect(name in object, name)
  return object
}

/**
 * Returns a string field.
 * @throws {WireError} `invalid` unless the value is a string of at most `maxLength` characters.
 */
export function textField(value: unknown, path: string, maxLength = Infinity): string {
  expect(typeof value === 'string' && value.length <= maxLength, path)
  return value as string
}

/**
 * Returns a string field that matches a pattern.
 * @throws {WireError} `invalid` unless the value is a string that matches.
 */
export function patternField(value: unknown, path: string, pattern: RegExp): string {
  expect(typeof value === 'string' && pattern.test(value), path)
  return value as string
}

/**
 * Returns an integer field.
 * @throws {WireError} `invalid` unless the value is an integer from `min` to `max`.
 */
export function countField(value: unknown, path: string, [min, max]: readonly [number, number]): number {
  expect(Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max, path)
  return value as number
}

/**
 * Returns a field that has one of the given values.
 * @throws {WireError} `invalid` for any other value.
 */
export function choiceField<Choice>(value: unknown, path: string, choices: readonly Choice[]): Choice {
  expect(choices.includes(value as Choice), path)
  return value as Choice
}

/**
 * Returns a list field, each item decoded by `item`.
 * @throws {WireError} `invalid` unless the value is a list of `min` to `max` items that `item` accepts.
 */
export function listField<Item>(
  value: unknown,
  path: string,
  [min, max, item]: readonly [min: number, max: number, item: (value: unknown, path: string) => Item],
): Item[] {
  expect(Array.isArray(value) && value.length >= min && value.length <= max, path)
  return (value as unknown[]).map((each, i) => item(each, `${path}.${i}`))
}

/**
 * Checks a condition on the field at `path`.
 * @throws {WireError} `invalid` unless the condition holds.
 */
export function expect(holds: boolean, path: string): void {
  if (!holds) throw new WireError('invalid', `${path}: not what is expected`, path)
}
