import * as v from 'valibot'

/**
 * Text of 1 to `maxLength` UTF-16 units that any store can hold: well-formed, and without control characters.
 */
export const textSchema = (maxLength: number) =>
  v.pipe(
    v.string(),
    v.minLength(1),
    v.maxLength(maxLength),
    v.check((text) => !/[\p{Cc}\p{Cs}]/u.test(text), 'has a control character or half of one'),
  )
