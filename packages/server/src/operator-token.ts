import { createHmac, timingSafeEqual } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Registry } from '@peerpress/registry'
import type { SiteId } from '@peerpress/wire'

/** File in the data folder that holds the operator's token, readable by its owner alone. */
export const operatorTokenFile = 'operator-token'

/** The operator's credential: 64 hex digits, drawn once and stored. */
export class OperatorToken {
  readonly #bytes: Buffer

  private constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** Reads the token from the registry and writes it into the data folder, for the command line. The first call draws it. */
  static async open(registry: Registry, dataDirectory: string): Promise<OperatorToken> {
    const secret = Buffer.from(await registry.secret('operator-token'))
    await writeFile(join(dataDirectory, operatorTokenFile), `${secret.toString('hex')}\n`, { mode: 0o600 })
    return new OperatorToken(secret)
  }

  /** Compares in constant time. */
  matches(text: string): boolean {
    return /^[0-9a-f]{64}$/.test(text) && timingSafeEqual(Buffer.from(text, 'hex'), this.#bytes)
  }

  /** Whether an `Authorization` header carries it as a bearer token. */
  isIn(authorization: string | null | undefined): boolean {
    const token = bearerToken(authorization)
    return token !== undefined && this.matches(token)
  }

  /** Whether an `Authorization` header carries the seed token of the site. */
  isSeedTokenIn(authorization: string | null | undefined, site: SiteId): boolean {
    const token = bearerToken(authorization)
    if (token === undefined) return false
    const expected = seedToken(this.#bytes.toString('hex'), site)
    return timingSafeEqual(Buffer.from(token, 'hex'), Buffer.from(expected, 'hex'))
  }
}

/**
 * Returns the credential with which a seed of the site gets tickets. It is derived from the operator's token, which cannot be
 * computed from it, so a seed's machine has no power over the server.
 */
export function seedToken(operatorToken: string, site: SiteId): string {
  return createHmac('sha256', Buffer.from(operatorToken, 'hex')).update(`seed ${site}`).digest('hex')
}

function bearerToken(authorization: string | null | undefined): string | undefined {
  return /^Bearer ([0-9a-f]{64})$/i.exec(authorization ?? '')?.[1]
}
