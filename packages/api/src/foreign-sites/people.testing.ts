import type { Principal } from '@peerpress/accounts'
import type { TestApi } from '../api.testing.ts'

export const password = 'correct horse battery'
const network = '192.0.2.0/24'

/** Makes an account, of an administrator or of a member of a site. */
export async function makeAccount(
  { accounts: { welcoming } }: TestApi,
  email: string,
  member?: { readonly site: string; readonly role: 'owner' | 'editor' | 'viewer' },
): Promise<void> {
  const welcome =
    member === undefined ? { kind: 'administrator' as const } : { kind: 'member' as const, ...member }
  const token = await welcoming.issue({ email, ...welcome }, 'operator')
  await welcoming.accept({ token, email, name: `Name ${email}`, password }, { network, browser: null })
}

export async function signedIn(
  { accounts: { signIn, credentials } }: TestApi,
  email: string,
): Promise<Principal> {
  const { token } = await signIn.signIn({ email, password }, { network, session: null, browser: null })
  return credentials.principalOf({ authorization: undefined, session: token })
}
