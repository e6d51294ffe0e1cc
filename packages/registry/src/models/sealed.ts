import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const nonceSize = 12
const tagSize = 16

/**
 * Encrypts a text with AES-256-GCM: nonce, ciphertext, tag. `owner` is authenticated with it, so a sealed text that is copied to
 * another owner's row does not open.
 */
export function seal(key: Uint8Array, owner: string, text: string): Buffer {
  const nonce = randomBytes(nonceSize)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(owner))
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
}

/** Decrypts a sealed text. @throws {Error} if the key, the owner or a byte is another one */
export function unseal(key: Uint8Array, owner: string, sealed: Uint8Array): string {
  const bytes = Buffer.from(sealed)
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceSize), {
    authTagLength: tagSize,
  })
  decipher.setAAD(Buffer.from(owner)).setAuthTag(bytes.subarray(-tagSize))
  return Buffer.concat([decipher.update(bytes.subarray(nonceSize, -tagSize)), decipher.final()]).toString(
    'utf8',
  )
}
