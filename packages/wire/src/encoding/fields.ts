import { WireError } from '../wire-error.ts'

// For the decoders that a reader's browser carries: the schema library would be an eighth of what it downloads.

/**
 * The fields of an object that has at least these; what it may leave out is undefined. Fields that nobody reads are of a
 * later release.
 * @throws {WireError} `invalid` when one is missing, or it is no object.
 */
export function fieldsOf<Name extends string>(
  value: unknown,
  names: readonly Name[],
): Readonly<Record<string, unknown>> & Readonly<Record<Name, unknown>> {
  expect(typeof value === 'object' && value !== null && !Array.isArray(value), 'message')
  const object = value as Record<Name, unknown>
  for (const name of names) expect(Object.hasOwn(object, name), name)
  return object
}

/** @throws {WireError} `invalid` unless it is a string of at most `maxLength` characters. */
export function textField(value: unknown, path: string, maxLength = Infinity): string {
  expect(typeof value === 'string' && value.length <= maxLength, path)
  return value as string
}

/** @throws {WireError} `invalid` unless it is a string of this pattern. */
export function patternField(value: unknown, path: string, pattern: RegExp): string {
  expect(typeof value === 'string' && pattern.test(value), path)
  return value as string
}

/** @throws {WireError} `invalid` unless it is a whole number from `min` to `max`. */
export function countField(value: unknown, path: string, [min, max]: readonly [number, number]): number {
  expect(Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max, path)
  return value as number
}

/** @throws {WireError} `invalid` unless it is one of these. */
export function choiceField<Choice>(value: unknown, path: string, choices: readonly Choice[]): Choice {
  expect(choices.includes(value as Choice), path)
  return value as Choice
}

/** @throws {WireError} `invalid` unless it is a list of `min` to `max` items, each of which `item` takes. */
export function listField<Item>(
  value: unknown,
  path: string,
  [min, max, item]: readonly [min: number, max: number, item: (value: unknown, path: string) => Item],
): Item[] {
  expect(Array.isArray(value) && value.length >= min && value.length <= max, path)
  return (value as unknown[]).map((each, i) => item(each, `${path}.${i}`))
}

/** @throws {WireError} `invalid` unless it holds. */
export function expect(holds: boolean, path: string): void {
  if (!holds) throw new WireError('invalid', `${path}: not what is expected`, path)
}
