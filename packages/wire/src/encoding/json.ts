import * as v from 'valibot'
import { parseJson } from './parse-json.ts'
import { WireError } from '../wire-error.ts'

/**
 * Parses a JSON text and checks it against a schema.
 * @throws {WireError} `too-large` over `maxLength` characters, `malformed` if the text is not JSON, `invalid` with the
 * path of the first wrong field.
 */
export function decodeJson<Schema extends v.GenericSchema>(
  schema: Schema,
  text: string,
  maxLength: number,
): v.InferOutput<Schema> {
  return checkJson(schema, parseJson(text, maxLength))
}

/**
 * Checks a parsed JSON value against a schema.
 * @throws {WireError} `invalid` with the path of the first wrong field.
 */
export function checkJson<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value, { abortEarly: true })
  if (result.success) return result.output
  const [issue] = result.issues
  const path = clip(v.getDotPath(issue) ?? '')
  throw new WireError('invalid', `${path || 'message'}: ${describe(issue)}`, path)
}

/**
 * Describes the expected value, never the received one. A message ends up in logs, and the value belongs to the reader.
 */
function describe({ kind, type, expected, message }: v.BaseIssue<unknown>): string {
  if (type === 'check') return message
  return clip(
    expected === null ? `invalid ${type}` : `expected ${kind === 'schema' ? '' : `${type} `}${expected}`,
  )
}

/** Shortens a text, because an expectation may contain a long pattern. */
function clip(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text
}
