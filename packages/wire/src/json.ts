import * as v from 'valibot'
import { WireError } from './wire-error.ts'

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
  if (text.length > maxLength) {
    throw new WireError('too-large', `${text.length} characters, at most ${maxLength} are allowed`)
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new WireError('malformed', 'not JSON')
  }
  const result = v.safeParse(schema, value, { abortEarly: true })
  if (result.success) return result.output
  const [issue] = result.issues
  const path = v.getDotPath(issue) ?? ''
  throw new WireError('invalid', `${path || 'message'}: ${issue.message}`, path)
}
