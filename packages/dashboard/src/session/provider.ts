import { basePath } from '../navigation/base-path.ts'
import { post } from './account.ts'

/**
 * Goes to the identity provider, which sends the browser back.
 * @param link whether to link it to the account that is signed in, instead of signing in
 * @throws {AccountError}
 */
export async function goToProvider({ link }: { readonly link: boolean }): Promise<void> {
  const { url } = (await (await post('account/provider/begin', { link, base: basePath })).json()) as {
    readonly url: string
  }
  location.assign(url)
}

/** Returns what went wrong at the identity provider, by the code in the query; null if nothing did. */
export function providerProblem(code: string | null): string | null {
  if (code === null) return null
  return Object.hasOwn(problems, code) ? (problems[code] ?? null) : 'Signing in failed. Start again.'
}

const problems: Readonly<Record<string, string>> = {
  'bad-challenge': 'Signing in took more than ten minutes, or began in another browser. Start again.',
  'no-provider': 'This server has no identity provider.',
  'provider-failed':
    'The identity provider did not answer as it should. Try again. If it stays so, the server’s log has the reason.',
  'provider-refused': 'The identity provider did not sign you in. Start again, and agree there.',
  'unverified-email':
    'The identity provider did not confirm your e-mail address. Have it verified there, or sign in with your password and link the provider on the page of your account.',
  'not-invited':
    'Nobody has an account or an invitation here with your address at the identity provider. Ask an owner of the site to invite it.',
  'other-account': 'You are linked to another account here. Sign in to that one, and unlink it there.',
  throttled: 'Too many attempts came from your network. Try again in a few minutes.',
}
