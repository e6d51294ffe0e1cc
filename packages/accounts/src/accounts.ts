import type { Registry } from '@peerpress/registry'
import { createChallengeBox } from './challenges/challenge-box.ts'
import { createPasskeySignIn, type PasskeySignIn } from './passkeys/passkey-sign-in.ts'
import { createIdentityProvider, type ProviderSettings } from './provider/identity-provider.ts'
import { createProviderSignIn, type ProviderSignIn } from './provider/provider-sign-in.ts'
import { createCredentials, type Credentials } from './principal/credentials.ts'
import { createAttemptGuard } from './sign-in/attempt-guard.ts'
import { createKnownBrowsers } from './sign-in/known-browsers.ts'
import { createSignIn, type SignIn } from './sign-in/sign-in.ts'
import { createTokenIssuer, type TokenIssuer } from './tokens/token-issuer.ts'
import { type AccountMailer, createInvitations, type Invitations } from './welcome/invitations.ts'
import { createWelcoming, type Welcoming } from './welcome/welcoming.ts'

/** Sign-in, sessions, welcome links and tokens of an installation. */
export interface AccountServices {
  readonly credentials: Credentials
  readonly signIn: SignIn
  readonly passkeys: PasskeySignIn
  readonly provider: ProviderSignIn
  readonly welcoming: Welcoming
  readonly invitations: Invitations
  readonly tokens: TokenIssuer
}

export interface AccountServicesOptions {
  readonly registry: Pick<
    Registry,
    | 'accounts'
    | 'sessions'
    | 'apiTokens'
    | 'welcomes'
    | 'attemptLimits'
    | 'secret'
    | 'passkeys'
    | 'identities'
    | 'challenges'
  >
  readonly isOperatorToken: (token: string) => Promise<boolean>
  /** Whether reports can be read without credentials. */
  readonly publicReports: boolean
  /** Sends e-mails. @default none are sent */
  readonly mailer?: AccountMailer | null
  /** The identity provider. @default none */
  readonly provider?: ProviderSettings | null
  /** ms since the Unix epoch. @default Date.now */
  readonly now?: () => number
}

export function createAccountServices(options: AccountServicesOptions): AccountServices {
  const { registry, now = Date.now } = options
  const key = () => registry.secret('attempt-key')
  const guard = createAttemptGuard(registry, key)
  const signIn = createSignIn(registry, { guard, browsers: createKnownBrowsers(key) })
  const box = createChallengeBox(registry, { guard, now })
  const provider = options.provider == null ? null : createIdentityProvider(options.provider, { now })
  const welcoming = createWelcoming(registry, { signIn, guard, now })
  return {
    credentials: createCredentials(registry, options),
    signIn,
    passkeys: createPasskeySignIn(registry, { box, now }),
    provider: createProviderSignIn(registry, { box, provider, now }),
    welcoming,
    invitations: createInvitations(registry, { welcoming, mailer: options.mailer ?? null }),
    tokens: createTokenIssuer(registry, now),
  }
}
