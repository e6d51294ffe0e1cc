import * as v from 'valibot'
import { ConnectorError } from '../connector-error.ts'

/** Maximum length of the text about a wrong field, characters: it repeats what was received. */
const maxMessage = 200

/**
 * Decodes the content of a message with a schema.
 * @throws {ConnectorError} `bad-event`, with the first wrong field.
 */
export function readAs<T extends v.GenericSchema>(schema: T, content: unknown): v.InferOutput<T> {
  const read = v.safeParse(schema, content)
  if (read.success) return read.output
  const [issue] = read.issues
  const { message } = issue
  const shown = message.length > maxMessage ? `${message.slice(0, maxMessage)}…` : message
  throw new ConnectorError('bad-event', `${v.getDotPath(issue) ?? 'message'}: ${shown}`)
}
