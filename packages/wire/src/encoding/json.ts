import * as v from 'valibot'
import { parseJson } from './parse-json.ts'
import { WireError } from '../wire-error.ts'

/**
 * Parses a JSON text and checks it against a schema.
 * @throws {WireError} `too-large` over `maxLength` characters, `malformed` when it is no JSON, `invalid` with
 * the path of the first field that does not fit.
 */
export function decodeJson<Schema extends v.GenericSchema>(
  schema: Schema,
  text: string,
  maxLength: number,
): v.InferOutput<Schema> {
  return checkJson(schema, parseJson(text, maxLength))
}

/**
 * Checks what a JSON text said against a schema.
 * @throws {WireError} `invalid` with the path of the first field that does not fit.
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

/** What was expected, never what was received: a message ends up in logs, and the value is the reader's own. */
function describe({ kind, type, expected, message }: v.BaseIssue<unknown>): string {
  if (type === 'check') return message
  return clip(
    expected === null ? `invalid ${type}` : `expected ${kind === 'schema' ? '' : `${type} `}${expected}`,
  )
}

/** What is expected of a text may be a long pattern. */
function clip(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text
}
