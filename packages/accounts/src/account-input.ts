import * as v from 'valibot'
import { AccountError } from './account-error.ts'

/** characters */
const passwordLength = { min: 12, max: 256 } as const

const tooLong = `give at most ${passwordLength.max} characters`

const text = v.pipe(
  v.string('give a text'),
  v.check(
    // The second part turns the text after it around, so that a name looks like another one (Unicode TR36, section 2.5).
    (value) => value.isWellFormed() && !/[\p{Cc}\u202A-\u202E\u2066-\u2069]/u.test(value),
    'it has a character that cannot be stored',
  ),
)

/** An e-mail address, in lower case: 254 characters at most (RFC 5321, section 4.5.3.1). */
export const emailSchema = v.pipe(
  text,
  v.trim(),
  v.maxLength(254, 'give at most 254 characters'),
  v.toLowerCase(),
  v.email('give an e-mail address'),
)
export const nameSchema = v.pipe(
  text,
  v.trim(),
  v.minLength(1, 'give a name'),
  v.maxLength(100, 'give at most 100 characters'),
)
/** Any characters: length is what makes a password strong (NIST SP 800-63B, section 3.1.1.2). */
export const newPasswordSchema = v.pipe(
  v.string(),
  v.minLength(passwordLength.min, `give at least ${passwordLength.min} characters`),
  v.maxLength(passwordLength.max, tooLong),
  v.check((value) => new Set(value).size > 4, 'give more different characters'),
)
/** A password that is checked against the stored one. */
export const passwordSchema = v.pipe(
  v.string('give a password'),
  v.minLength(1, 'give a password'),
  v.maxLength(passwordLength.max, tooLong),
)

/** @throws {AccountError} `bad-input`, which names the field and what is allowed. */
export function readInput<Schema extends v.GenericSchema>(
  schema: Schema,
  input: unknown,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, input)
  if (result.success) return result.output
  const [issue] = result.issues
  throw new AccountError('bad-input', `${v.getDotPath(issue) ?? 'input'}: ${issue.message}`)
}
