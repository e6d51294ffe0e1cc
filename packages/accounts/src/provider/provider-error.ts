import { AccountError, type AccountErrorCode } from '../account-error.ts'

type ProviderErrorCode = Extract<
  AccountErrorCode,
  | 'no-provider'
  | 'provider-failed'
  | 'provider-refused'
  | 'unverified-email'
  | 'not-invited'
  | 'other-account'
>

const messages: Readonly<Record<ProviderErrorCode, string>> = {
  'no-provider': 'This server has no identity provider. An operator sets PEERPRESS_OIDC_ISSUER.',
  'provider-failed':
    'The identity provider did not answer as it should. Try again; if it stays so, an operator finds the reason in the log of the server.',
  'provider-refused': 'The identity provider did not sign you in. Start again, and agree there.',
  'unverified-email':
    'The identity provider did not confirm your e-mail address. Have it verified there, or sign in here with your password and link the provider on the page of your account.',
  'not-invited':
    'Nobody has an account or an invitation here with the e-mail address that the identity provider gave. Ask an owner of the site to invite this address.',
  'other-account':
    'This person at the identity provider is linked to another account here. Unlink it there first.',
}

export function providerError(code: ProviderErrorCode, cause?: unknown): AccountError {
  return new AccountError(code, messages[code], { cause })
}
