import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(argon2)

/**
 * Argon2id with 19 MiB, two passes and one lane: the first choice of the OWASP Password Storage Cheat Sheet (2025).
 * `memory` is in KiB.
 */
const parameters = { memory: 19_456, passes: 2, parallelism: 1 } as const
const lengths = { salt: 16, hash: 32 } as const

/** Hashes a password. Returns a PHC string. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(lengths.salt)
  const hash = await derive('argon2id', {
    message: bytesOf(password),
    nonce: salt,
    tagLength: lengths.hash,
    ...parameters,
  })
  const { memory, passes, parallelism } = parameters
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${encode(salt)}$${encode(hash)}`
}

/** Returns whether a password matches a PHC string, and whether the string has other parameters than today's. */
export async function verifyPassword(
  password: string,
  phc: string,
): Promise<{ readonly isRight: boolean; readonly isOutdated: boolean }> {
  const [, memory, passes, parallelism, salt, hash] = pattern.exec(phc) ?? []
  if (salt === undefined || hash === undefined)
    throw new Error('an account has a password of an unknown form')
  const expected = Buffer.from(hash, 'base64')
  const used = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) }
  const actual = await derive('argon2id', {
    message: bytesOf(password),
    nonce: Buffer.from(salt, 'base64'),
    tagLength: expected.length,
    ...used,
  })
  const isOutdated =
    used.memory !== parameters.memory ||
    used.passes !== parameters.passes ||
    used.parallelism !== parameters.parallelism
  return { isRight: timingSafeEqual(actual, expected), isOutdated }
}

/** The PHC string format of Argon2, without the optional key id and data. */
const pattern =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,64})\$([A-Za-z0-9+/]{16,86})$/

/** Keyboards write the same letter in several forms (NIST SP 800-63B, section 3.1.1.2). */
function bytesOf(password: string): Buffer {
  return Buffer.from(password.normalize('NFKC'))
}

/** The PHC format has base64 without padding. */
function encode(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
