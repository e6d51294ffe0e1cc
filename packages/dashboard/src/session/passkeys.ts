import { AccountError, post } from './account.ts'
import { sessionMessages } from '../messages/session-messages.ts'

const texts = sessionMessages.passkeys

/** Whether this browser has passkeys, in their JSON forms (Web Authentication Level 3). */
export function hasPasskeys(): boolean {
  return (
    typeof PublicKeyCredential !== 'undefined' &&
    typeof PublicKeyCredential.parseRequestOptionsFromJSON === 'function'
  )
}

/** Signs in with a passkey of this device. @throws {AccountError} */
export async function signInWithPasskey(): Promise<void> {
  const options = (await (
    await post('account/passkey/begin', {})
  ).json()) as PublicKeyCredentialRequestOptionsJSON
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options)
  const credential = await asked(navigator.credentials.get({ publicKey }))
  await post('account/passkey/sign-in', { credential })
}

/** Makes a passkey on this device for the account that is signed in. @throws {AccountError} */
export async function addPasskey(name: string): Promise<void> {
  const options = (await (
    await post('account/passkey/add-begin', {})
  ).json()) as PublicKeyCredentialCreationOptionsJSON
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options)
  const credential = await asked(navigator.credentials.create({ publicKey }))
  await post('account/passkey/add', { name, credential })
}

/** Waits for the person at the device. Returns the credential in its JSON form. */
async function asked(answer: Promise<Credential | null>): Promise<unknown> {
  const credential = await answer.catch((cause: unknown) => {
    const { name } = cause as { readonly name?: unknown }
    const message = name === 'InvalidStateError' ? texts.thisDeviceHasPasskey : texts.passkeyWasNotUsed
    throw new AccountError(message, { cause })
  })
  if (credential instanceof PublicKeyCredential) return credential.toJSON()
  throw new AccountError(texts.thisBrowserGaveNo)
}
