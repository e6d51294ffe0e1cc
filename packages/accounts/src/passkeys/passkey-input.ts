import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import * as v from 'valibot'
import { nameSchema } from '../account-input.ts'

/** Base64url, as in the JSON forms of Web Authentication Level 3, section 5.1. */
const bytes = (max: number) =>
  v.pipe(v.string(), v.maxLength(max), v.regex(/^[A-Za-z0-9_-]+$/, 'give base64url'))

/** A credential's id has at most 1,023 bytes (Web Authentication Level 3, section 5.8.3). */
const credentialId = bytes(1364)
const transports = v.pipe(v.array(v.pipe(v.string(), v.regex(/^[a-z-]{1,32}$/))), v.maxLength(10))

const credential = {
  id: credentialId,
  rawId: credentialId,
  type: v.literal('public-key'),
}

const registrationSchema = v.object({
  ...credential,
  response: v.object({
    clientDataJSON: bytes(8192),
    attestationObject: bytes(12_000),
    transports: v.optional(transports, []),
  }),
})
const authenticationSchema = v.object({
  ...credential,
  response: v.object({
    clientDataJSON: bytes(8192),
    authenticatorData: bytes(8192),
    signature: bytes(8192),
    userHandle: v.nullish(bytes(128)),
  }),
})

/** What a browser sends to add a passkey. */
export const passkeyAddSchema = v.object({ name: nameSchema, credential: registrationSchema })
/** What a browser sends to sign in with a passkey. */
export const passkeySignInSchema = v.object({ credential: authenticationSchema })

/** Returns a registration as the library takes it. */
export function registrationOf({
  response,
  ...rest
}: v.InferOutput<typeof registrationSchema>): RegistrationResponseJSON {
  const { clientDataJSON, attestationObject } = response
  return { ...rest, response: { clientDataJSON, attestationObject }, clientExtensionResults: {} }
}

/** Returns an assertion as the library takes it. */
export function authenticationOf({
  response,
  ...rest
}: v.InferOutput<typeof authenticationSchema>): AuthenticationResponseJSON {
  const { clientDataJSON, authenticatorData, signature } = response
  return { ...rest, response: { clientDataJSON, authenticatorData, signature }, clientExtensionResults: {} }
}
