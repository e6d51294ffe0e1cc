import { builder } from '../schema/builder.ts'

/** What a person can correct in the input of a mutation. Stable: clients show a text for each. */
const userErrorCodes = ['INVALID', 'NOT_FOUND', 'TOO_MANY', 'LAST_WAY', 'UNAVAILABLE'] as const
type UserErrorCode = (typeof userErrorCodes)[number]

/** A problem with the input of a mutation. Nothing was changed then. */
export interface UserError {
  /** The input field that it is about; null if it is about no single one. */
  readonly field: string | null
  readonly code: UserErrorCode
  readonly message: string
}

const userErrorCode = builder.enumType('UserErrorCode', {
  description: 'The kind of a problem with the input of a mutation.',
  values: {
    INVALID: { description: 'The value is not allowed; the message says what is.' },
    NOT_FOUND: { description: 'Nothing has this id, or it is not yours.' },
    TOO_MANY: { description: 'There are as many as allowed. Remove one first.' },
    LAST_WAY: { description: 'Without it, nobody could sign in to the account any more.' },
    UNAVAILABLE: { description: 'The server cannot do it at the moment. Try again later.' },
  },
})

/** The type of {@link UserError}. */
export const userError = builder.objectRef<UserError>('UserError').implement({
  description:
    'A problem with the input of a mutation, which a person can correct. Nothing was changed then.',
  fields: (t) => ({
    field: t.exposeString('field', {
      nullable: true,
      description: 'The input field that it is about. Null if it is about no single one.',
    }),
    code: t.expose('code', { type: userErrorCode, description: 'Its kind. Stable.' }),
    message: t.exposeString('message', { description: 'For people: what is wrong, and what to do.' }),
  }),
})

/** The description of the field `userErrors` of payloads. */
export const userErrorsDescription =
  'What a person can correct in the input. If there is any, nothing was changed, and the other fields are null.'

/** Returns a payload that has one problem and no result. */
export function failing(code: UserErrorCode, field: string | null, message: string) {
  return { userErrors: [{ field, code, message }] }
}
