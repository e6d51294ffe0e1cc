import { isIP } from 'node:net'
import type { Passkey, Registry } from '@peerpress/registry'
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server'
import { AccountError } from '../account-error.ts'
import { readInput } from '../account-input.ts'
import { badChallenge, type ChallengeBox, challengeLifetime } from '../challenges/challenge-box.ts'
import type { Owner } from '../principal/principal.ts'
import { requireRecent } from '../sign-in/require-recent.ts'
import type { ProvenAccount } from '../sign-in/sign-in.ts'
import { authenticationOf, passkeyAddSchema, passkeySignInSchema, registrationOf } from './passkey-input.ts'

/** A challenge for a browser. */
export interface PasskeyChallenge<Options> {
  /** For `navigator.credentials`, in its JSON form. */
  readonly options: Options
  /** For the cookie. */
  readonly token: string
}

/** The page that answers a challenge. */
export interface PasskeyClient {
  /** The origin of the page, which the server has found to be its own. */
  readonly origin: string
  /** The token of the challenge, from the cookie. */
  readonly token: string | null
}

/** Passkeys (Web Authentication Level 3). Each one alone signs in: the device has checked a PIN, a finger or a face. */
export interface PasskeySignIn {
  /** @throws {AccountError} `sign-in-again`, `wrong-host`, `throttled`. */
  beginAdding(
    owner: Owner,
    page: { readonly origin: string; readonly network: string },
  ): Promise<PasskeyChallenge<PublicKeyCredentialCreationOptionsJSON>>
  /** @throws {AccountError} `bad-input`, `bad-challenge`, `bad-passkey`. */
  add(owner: Owner, input: unknown, client: PasskeyClient): Promise<Passkey>
  /** @throws {AccountError} `wrong-host`, `throttled`. */
  beginSignIn(page: {
    readonly origin: string
    readonly network: string
  }): Promise<PasskeyChallenge<PublicKeyCredentialRequestOptionsJSON>>
  /** Returns the account of the passkey. @throws {AccountError} `bad-input`, `bad-challenge`, `bad-passkey`. */
  signIn(input: unknown, client: PasskeyClient): Promise<ProvenAccount>
}

export function createPasskeySignIn(
  { accounts, passkeys }: Pick<Registry, 'accounts' | 'passkeys'>,
  { box, now }: { readonly box: ChallengeBox; readonly now: () => number },
): PasskeySignIn {
  return {
    beginAdding: async (owner, { origin, network }) => {
      requireRecent(owner, now())
      const { account, session } = owner
      const rpID = hostOf(origin)
      const known = await passkeys.of(account.id)
      const { generateRegistrationOptions } = await library()
      const options = await generateRegistrationOptions({
        rpName: 'PeerPress',
        rpID,
        userName: account.email ?? account.id,
        userDisplayName: account.name,
        userID: Uint8Array.from(Buffer.from(account.id)),
        timeout: challengeLifetime,
        attestationType: 'none',
        supportedAlgorithmIDs: [...algorithms],
        excludeCredentials: known.map(({ credential: id, transports }) => ({
          id,
          transports: [...transports],
        })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      })
      const content = { challenge: options.challenge, origin, session: session.id }
      const token = await box.draw({ purpose: 'passkey-add', account: account.id, content }, network)
      return { options, token }
    },
    add: async ({ account, session }, input, { origin, token }) => {
      const challenge = await box.take(token, 'passkey-add')
      const { content } = challenge
      if (challenge.account !== account.id || content['session'] !== session.id) throw badChallenge()
      const { name, credential: sent } = readInput(passkeyAddSchema, input)
      const { verifyRegistrationResponse } = await library()
      const { verified, registrationInfo } = await refusing(
        verifyRegistrationResponse({
          response: registrationOf(sent),
          expectedChallenge: content['challenge'] ?? '',
          expectedOrigin: expectedOrigin(content, origin),
          expectedRPID: hostOf(origin),
          supportedAlgorithmIDs: [...algorithms],
        }),
      )
      if (!verified) throw badPasskey()
      const { credential, credentialBackedUp } = registrationInfo
      const passkey = {
        account: account.id,
        credential: credential.id,
        publicKey: credential.publicKey,
        counter: credential.counter,
        transports: sent.response.transports,
        isSynced: credentialBackedUp,
        name,
      }
      const added = await passkeys.add(passkey, session.id)
      if (added === null) {
        throw new AccountError(
          'bad-passkey',
          'This passkey was added already, the account has twenty, or you were signed out. Remove one that you do not use.',
        )
      }
      return added
    },
    beginSignIn: async ({ origin, network }) => {
      const { generateAuthenticationOptions } = await library()
      const options = await generateAuthenticationOptions({
        rpID: hostOf(origin),
        userVerification: 'required',
        timeout: challengeLifetime,
      })
      const content = { challenge: options.challenge, origin }
      return {
        options,
        token: await box.draw({ purpose: 'passkey-sign-in', account: null, content }, network),
      }
    },
    signIn: async (input, { origin, token }) => {
      const { content } = await box.take(token, 'passkey-sign-in')
      const { credential: sent } = readInput(passkeySignInSchema, input)
      const found = await passkeys.byCredential(sent.id)
      if (found === null) throw badPasskey()
      const { verifyAuthenticationResponse } = await library()
      const { verified, authenticationInfo } = await refusing(
        verifyAuthenticationResponse({
          response: authenticationOf(sent),
          expectedChallenge: content['challenge'] ?? '',
          expectedOrigin: expectedOrigin(content, origin),
          expectedRPID: hostOf(origin),
          credential: {
            id: found.credential,
            publicKey: Uint8Array.from(found.publicKey),
            counter: found.counter,
          },
        }),
      )
      if (!verified || !(await passkeys.use(found.id, authenticationInfo.newCounter))) throw badPasskey()
      const account = await accounts.get(found.account)
      if (account === null || account.closedAt !== null) throw badPasskey()
      return { account, proof: { way: 'passkey', passkey: found.id } }
    },
  }
}

/** The library, with its parsers of certificates, is loaded when the first passkey is used. */
function library() {
  return import('@simplewebauthn/server')
}

/** EdDSA, ES256 and RS256 (RFC 9053, RFC 8812): each authenticator has one of them. */
const algorithms = [-8, -7, -257] as const

/** The page that answers must be the page that got the challenge. */
function expectedOrigin(content: Readonly<Record<string, string>>, origin: string): string {
  if (content['origin'] !== origin) throw badChallenge()
  return origin
}

/** Returns the host that passkeys of a page are bound to. @throws {AccountError} `wrong-host` */
function hostOf(origin: string): string {
  const { hostname } = new URL(origin)
  if (isIP(hostname.replace(/^\[(.*)\]$/, '$1')) === 0) return hostname
  throw new AccountError(
    'wrong-host',
    'Browsers bind passkeys to a name, not to an IP address. Open the server by its name, or on its own machine as http://localhost.',
  )
}

/** Converts the library's errors about what a browser sent. */
async function refusing<T>(verification: Promise<T>): Promise<T> {
  try {
    return await verification
  } catch (cause) {
    throw badPasskey(cause)
  }
}

function badPasskey(cause?: unknown): AccountError {
  return new AccountError(
    'bad-passkey',
    'The server does not know this passkey, or its answer is not right. Use another way to sign in.',
    { cause },
  )
}
