import { WireError } from '../wire-error.ts'

/**
 * Parses a JSON text.
 * @throws {WireError} `too-large` over `maxLength` characters, `malformed` if the text is not JSON.
 */
export function parseJson(text: string, maxLength: number): unknown {
  if (text.length > maxLength) {
    throw new WireError('too-large', `${text.length} characters, at most ${maxLength} are allowed`)
  }
  try {
    return JSON.parse(text)
  } catch {
    throw new WireError('malformed', 'not JSON')
  }
}
