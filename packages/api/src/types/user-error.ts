import { isPayload, userErrorsOf } from '../limits/user-errors-plugin.ts'
import { builder } from '../schema/builder.ts'
import type { UserError } from '../user-problem.ts'

const userErrorCode = builder.enumType('UserErrorCode', {
  description: 'The kind of a problem with the input of a mutation.',
  values: {
    INVALID: { description: 'The value is not allowed; the message says what is.' },
    NOT_FOUND: { description: 'Nothing has this id, or it is not yours.' },
    CONFLICT: { description: 'It exists already, or its present state does not permit this.' },
    TOO_MANY: { description: 'There are as many as allowed. Remove one first, or wait.' },
    LAST_WAY: { description: 'Without it, nobody could sign in to the account or the server any more.' },
    UNAVAILABLE: { description: 'The server cannot do it at the moment. Try again later.' },
  },
})

const userError = builder.objectRef<UserError>('UserError').implement({
  description:
    'A problem with the input of a mutation, which a person can correct. Nothing was changed then.',
  fields: (t) => ({
    field: t.exposeString('field', {
      nullable: true,
      description:
        'The input field that it is about, such as name or model.baseUrl. Null if it is about no single one.',
    }),
    code: t.expose('code', { type: userErrorCode, description: 'Its kind. Stable.' }),
    message: t.exposeString('message', { description: 'For people: what is wrong, and what to do.' }),
  }),
})

/** Gives every result of a mutation the field `userErrors`. All mutations must be defined by then. */
export function addUserErrors(): void {
  for (const name of builder.configStore.typeConfigs.keys()) {
    if (!isPayload(name)) continue
    builder.objectField(name as never, 'userErrors', (t) =>
      t.field({
        type: [userError],
        description:
          'What a person can correct in the input. If there is any, nothing was changed, and the other fields are null. A document that does not select it is refused instead.',
        resolve: (payload) => userErrorsOf(payload),
      }),
    )
  }
}
