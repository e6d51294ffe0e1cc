import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeEnvelope, type PeerId, preAuthEncoding } from '@peerpress/wire'
import { SeedError } from '../seed-error.ts'

const keyFile = 'seed-key.pem'

/** The durable key of a seed. Its standing belongs to this key, so it stays in the seed's folder. */
export class SeedIdentity {
  /** The public key: 32 bytes as base64url. */
  readonly seed: PeerId
  readonly #key: KeyObject

  private constructor(key: KeyObject) {
    this.#key = key
    this.seed = createPublicKey(key).export({ format: 'jwk' }).x ?? ''
  }

  /**
   * Reads the key in a folder. The first call draws it, for the owner of the process alone.
   * @throws {SeedError} `disk` when the folder cannot be used, or when the file has no such key.
   */
  static async open(directory: string): Promise<SeedIdentity> {
    const path = join(directory, keyFile)
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 })
      const text = (await readIfThere(path)) ?? (await drawKey(path))
      const key = createPrivateKey(text)
      if (key.asymmetricKeyType !== 'ed25519') throw new Error('it is no Ed25519 key')
      return new SeedIdentity(key)
    } catch (cause) {
      throw new SeedError('disk', `${path} cannot be used: ${(cause as Error).message}`, { cause })
    }
  }

  /** Returns the envelope of a message, signed with the key. */
  envelope(payloadType: string, payload: Uint8Array<ArrayBuffer>): string {
    const bytes = Uint8Array.from(sign(null, preAuthEncoding(payloadType, payload), this.#key))
    return encodeEnvelope({ payloadType, payload, signatures: [{ keyId: 'seed', bytes }] })
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** A file that exists is never overwritten: it would be another seed. */
async function drawKey(path: string): Promise<string> {
  const { privateKey } = generateKeyPairSync('ed25519')
  const text = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  await using file = await open(path, 'wx', 0o600)
  await file.writeFile(text)
  await file.sync()
  return text
}
