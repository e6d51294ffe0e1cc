import { expect, textField } from './fields.ts'

export const maxUrlLength = 2048

/**
 * Returns an absolute http(s) URL of at most 2048 characters, without fragment and credentials. It must be spelled as
 * the URL standard serializes it, so that one address has one spelling.
 * @throws {WireError} `invalid` for any other value.
 */
export function urlField(value: unknown, path: string): string {
  const text = textField(value, path, maxUrlLength)
  expect(isNormalUrl(text), path)
  return text
}

/** Returns whether a text is such a URL, regardless of its length. */
export function isNormalUrl(text: string): boolean {
  try {
    const { href, username, password } = new URL(text)
    // A bare `#` at the end leaves `hash` empty, so the text is checked.
    return href === text && /^https?:[^#]*$/.test(text) && username + password === ''
  } catch {
    return false
  }
}
