export { AccountError, type AccountErrorCode } from './account-error.ts'
export { emailSchema, nameSchema, readInput } from './account-input.ts'
export { type AccountServices, type AccountServicesOptions, createAccountServices } from './accounts.ts'
export type { Credentials, RequestCredentials } from './principal/credentials.ts'
export { type Action, may, type SiteAction, sitesWith } from './principal/may.ts'
export type { PasskeySignIn } from './passkeys/passkey-sign-in.ts'
export type { ProviderSettings } from './provider/identity-provider.ts'
export {
  accountOf,
  actorOf,
  type Owner,
  ownerOf,
  type Principal,
  type Scope,
  scopes,
} from './principal/principal.ts'
export type { BegunSession, SignIn, SignInClient } from './sign-in/sign-in.ts'
export {
  type IssuedToken,
  maxTokenSites,
  type TokenIssuer,
  type TokenRequest,
} from './tokens/token-issuer.ts'
export type { AccountMailer } from './welcome/invitations.ts'
export type { Welcoming } from './welcome/welcoming.ts'
