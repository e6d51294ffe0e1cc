import { emailSchema, readInput, type SignInClient, type Welcoming } from '@peerpress/accounts'
import type { Account } from '@peerpress/registry'
import * as v from 'valibot'

/**
 * Creates an administrator's account if the token of the request is the operator's token, as on an installation of release
 * 0.1, which printed no first link. Returns null for any other token.
 * @throws {AccountError} those of `Welcoming.accept`
 */
export async function welcomeByOperator(
  input: unknown,
  options: {
    readonly welcoming: Welcoming
    readonly isOperatorToken: (token: string) => Promise<boolean>
    readonly client: SignInClient
  },
): Promise<Account | null> {
  const { welcoming, isOperatorToken, client } = options
  const fields = v.safeParse(
    v.looseObject({ token: v.pipe(v.string(), v.trim()), email: v.unknown() }),
    input,
  )
  if (!fields.success || !(await isOperatorToken(fields.output.token))) return null
  const { email } = readInput(v.object({ email: emailSchema }), fields.output)
  const token = await welcoming.issue({ kind: 'administrator', email }, 'operator')
  return welcoming.accept({ ...fields.output, token }, client)
}
