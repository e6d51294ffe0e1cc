import { createHash, randomBytes } from 'node:crypto'

/** A secret that is shown once. Only its hash is stored: it has 256 random bits, so a fast hash suffices. */
export interface SecretToken {
  readonly text: string
  readonly hash: Buffer
}

/** Draws a secret. */
export function drawSecretToken(): SecretToken {
  const text = randomBytes(32).toString('base64url')
  return { text, hash: hashOf(text) as Buffer }
}

/** Returns the hash of a secret that a client sent; null if no secret has this form. */
export function hashOf(text: string | null | undefined): Buffer | null {
  if (text == null || !/^[A-Za-z0-9_-]{43}$/.test(text)) return null
  return createHash('sha256').update(text).digest()
}
