import { expect, textField } from './fields.ts'

export const maxUrlLength = 2048

/**
 * An absolute http(s) URL as the URL standard writes it, so that one address has one spelling, without
 * fragment and credentials, of at most 2048 characters.
 * @throws {WireError} `invalid` for anything else.
 */
export function urlField(value: unknown, path: string): string {
  const text = textField(value, path, maxUrlLength)
  expect(isNormalUrl(text), path)
  return text
}

/** Whether a text is such a URL, whatever its length. */
export function isNormalUrl(text: string): boolean {
  try {
    const { href, protocol, username, password } = new URL(text)
    const isHttp = protocol === 'https:' || protocol === 'http:'
    // `hash` is empty for a URL that ends in a bare `#`; its text still holds it.
    return isHttp && href === text && !text.includes('#') && username === '' && password === ''
  } catch {
    return false
  }
}
