import { createHmac, timingSafeEqual } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Registry } from '@peerpress/registry'
import type { SiteId } from '@peerpress/wire'

/** File in the data folder that holds the operator's token, readable by its owner alone. */
export const operatorTokenFile = 'operator-token'

const secretName = 'operator-token'

/** The operator's credential, with the rights of an administrator: 64 hex digits, drawn once and stored. */
export class OperatorToken {
  readonly #registry: Pick<Registry, 'secret' | 'replaceSecret'>
  readonly #dataDirectory: string

  private constructor(registry: Pick<Registry, 'secret' | 'replaceSecret'>, dataDirectory: string) {
    this.#registry = registry
    this.#dataDirectory = dataDirectory
  }

  /** Reads the token from the registry and writes it into the data folder, for the command line. The first call draws it. */
  static async open(
    registry: Pick<Registry, 'secret' | 'replaceSecret'>,
    dataDirectory: string,
  ): Promise<OperatorToken> {
    const token = new OperatorToken(registry, dataDirectory)
    await token.#write(await registry.secret(secretName))
    return token
  }

  /** Compares in constant time, with what the registry has now: another server of the installation may have rotated it. */
  async matches(text: string): Promise<boolean> {
    if (!/^[0-9a-f]{64}$/.test(text)) return false
    return timingSafeEqual(Buffer.from(text, 'hex'), Buffer.from(await this.#registry.secret(secretName)))
  }

  /** Draws the token anew and writes it into the data folder. The former one ends at once. */
  async rotate(): Promise<void> {
    await this.#write(await this.#registry.replaceSecret(secretName))
  }

  async #write(secret: Uint8Array): Promise<void> {
    const path = join(this.#dataDirectory, operatorTokenFile)
    const text = `${Buffer.from(secret).toString('hex')}\n`
    await writeFile(path, text, { mode: 0o600 })
  }
}

/**
 * Returns the credential of a seed of release 0.1, which was derived from the operator's token of then. Later seeds have API
 * tokens.
 */
export function derivedSeedToken(key: Uint8Array, site: SiteId): string {
  return createHmac('sha256', key).update(`seed ${site}`).digest('hex')
}
