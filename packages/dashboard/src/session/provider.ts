import { basePath } from '../navigation/base-path.ts'
import { post } from './account.ts'
import { sessionMessages } from '../messages/session-messages.ts'

const texts = sessionMessages.provider

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
  return Object.hasOwn(problems, code) ? (problems[code] ?? null) : texts.signingInFailedStart
}

const problems: Readonly<Record<string, string>> = {
  'bad-challenge': texts.signingInTookMore,
  'no-provider': texts.thisServerHasNo,
  'provider-failed': texts.providerFailed,
  'provider-refused': texts.providerRefused,
  'unverified-email': texts.addressUnconfirmed,
  'not-invited': texts.nobodyHasAccount,
  'other-account': texts.youAreLinked,
  throttled: texts.tooManyAttemptsCame,
}
