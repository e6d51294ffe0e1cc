import * as v from 'valibot'

/**
 * Returns a schema for text of 1 to `maxLength` UTF-16 units that every store can hold: well-formed, without control
 * characters.
 */
export const textSchema = (maxLength: number) =>
  v.pipe(
    v.string(),
    v.minLength(1),
    v.maxLength(maxLength),
    v.check((text) => !/[\p{Cc}\p{Cs}]/u.test(text), 'has a control character or half of one'),
  )
