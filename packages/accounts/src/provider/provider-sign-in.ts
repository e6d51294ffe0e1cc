import type { Account, IdentityInput, Registry } from '@peerpress/registry'
import * as v from 'valibot'
import { emailSchema, nameSchema } from '../account-input.ts'
import type { Owner } from '../principal/principal.ts'
import { requireRecent } from '../sign-in/require-recent.ts'
import type { ProvenAccount } from '../sign-in/sign-in.ts'
import { badChallenge, type ChallengeBox } from '../challenges/challenge-box.ts'
import type { IdentityProvider, ProviderPerson } from './identity-provider.ts'
import { providerError } from './provider-error.ts'

/** A sign-in at the provider that begins: the browser goes to `url` with `token` in its cookie. */
export interface BegunProviderSignIn {
  readonly url: string
  readonly token: string
}

/** What a sign-in at the provider led to. */
export type ProviderOutcome =
  | { readonly kind: 'signed-in'; readonly proven: ProvenAccount }
  /** The account was signed in before, and has this further way to sign in. */
  | { readonly kind: 'linked' }

/**
 * Sign-in by an identity provider (OpenID Connect). A person there has the account that was linked before; else the account,
 * or the invitation, of the same e-mail address, if the provider has verified it. Nobody else gets an account.
 */
export interface ProviderSignIn {
  /** For people; null if there is no provider. */
  readonly name: string | null
  /**
   * @param linking the account that the provider is linked to; null to sign in
   * @throws {AccountError} `no-provider`, `provider-failed`, `sign-in-again`, `throttled`
   */
  begin(
    redirect: string,
    client: { readonly network: string; readonly linking: Owner | null },
  ): Promise<BegunProviderSignIn>
  /**
   * @param answer the query of the address that the provider sent the browser to
   * @throws {AccountError} `bad-challenge`, and those of `provider-error.ts`
   */
  finish(
    answer: string,
    client: { readonly token: string | null; readonly signedIn: Owner | null },
  ): Promise<ProviderOutcome>
}

export function createProviderSignIn(
  { accounts, identities, welcomes }: Pick<Registry, 'accounts' | 'identities' | 'welcomes'>,
  {
    box,
    provider,
    now,
  }: { readonly box: ChallengeBox; readonly provider: IdentityProvider | null; readonly now: () => number },
): ProviderSignIn {
  const accountOf = async (person: ProviderPerson, identity: IdentityInput): Promise<Account> => {
    const linked = await identities.use(identity)
    if (linked !== null) return linked
    const email = v.safeParse(emailSchema, person.email)
    if (!email.success || !person.isEmailVerified) throw providerError('unverified-email')
    const name = v.safeParse(nameSchema, person.name)
    const account =
      (await welcomes.useAll(email.output, name.success ? name.output : email.output.slice(0, 100))) ??
      (await accounts.openByEmail(email.output))
    if (account === null) throw providerError('not-invited')
    if (!(await identities.link(account.id, identity, null))) throw providerError('other-account')
    return account
  }
  return {
    name: provider?.name ?? null,
    begin: async (redirect, { network, linking }) => {
      if (linking !== null) requireRecent(linking, now())
      if (provider === null) throw providerError('no-provider')
      const { url, request } = await provider.begin(redirect)
      const content = { ...request, session: linking?.session.id ?? '' }
      const account = linking?.account.id ?? null
      return { url, token: await box.draw({ purpose: 'provider', account, content }, network) }
    },
    finish: async (answer, { token, signedIn }) => {
      if (provider === null) throw providerError('no-provider')
      const { account: linking, content } = await box.take(token, 'provider')
      const { state = '', nonce = '', verifier = '', redirect = '' } = content
      const isSame = signedIn?.account.id === linking && (signedIn?.session.id ?? '') === content['session']
      if (linking !== null && !isSame) throw badChallenge()
      const person = await provider.finish(answer, { state, nonce, verifier, redirect })
      const { issuer, subject, email } = person
      const identity = { issuer, subject, email: v.is(emailSchema, email) ? email : null }
      if (linking === null || signedIn === null) {
        const account = await accountOf(person, identity)
        return { kind: 'signed-in', proven: { account, proof: { way: 'provider', issuer, subject } } }
      }
      if (!(await identities.link(linking, identity, signedIn.session.id)))
        throw providerError('other-account')
      return { kind: 'linked' }
    },
  }
}
