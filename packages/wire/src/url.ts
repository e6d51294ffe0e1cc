import * as v from 'valibot'

/**
 * An absolute http(s) URL as the URL standard writes it, so that one address has one spelling, without
 * fragment and credentials, of at most 2048 characters.
 */
export const urlSchema = v.pipe(
  v.string(),
  v.maxLength(2048),
  v.check((text) => {
    if (!URL.canParse(text)) return false
    const { href, protocol, username, password } = new URL(text)
    const isHttp = protocol === 'https:' || protocol === 'http:'
    // `hash` is empty for a URL that ends in a bare `#`; its text still holds it.
    return isHttp && href === text && !text.includes('#') && username === '' && password === ''
  }, 'not a normalised absolute http(s) URL without fragment and credentials'),
)
