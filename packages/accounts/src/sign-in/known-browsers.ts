import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * Names the browsers in which an account signed in before, by a token that only this installation can make. Wrong passwords
 * from other browsers do not lock them out. The token is no credential.
 * https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
 */
export interface KnownBrowsers {
  /** Returns the name of the browser that sends `token`; null if the token is not one of this address. */
  nameOf(token: string | null, email: string): Promise<string | null>
  /** Returns the token for a browser that the account has just signed in with: the one that it has, or a new one. */
  tokenFor(token: string | null, email: string): Promise<string>
}

/** @param key 32 random bytes */
export function createKnownBrowsers(key: () => Promise<Uint8Array>): KnownBrowsers {
  const proofOf = async (name: string, email: string) =>
    createHmac('sha256', await key())
      .update(`known-browser ${name} ${email}`)
      .digest()
  const nameOf: KnownBrowsers['nameOf'] = async (token, email) => {
    const [, name, proof] = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/.exec(token ?? '') ?? []
    if (name === undefined || proof === undefined) return null
    const isRight = timingSafeEqual(Buffer.from(proof, 'base64url'), await proofOf(name, email))
    return isRight ? name : null
  }
  return {
    nameOf,
    tokenFor: async (token, email) => {
      if (token !== null && (await nameOf(token, email)) !== null) return token
      const name = randomBytes(16).toString('base64url')
      return `${name}.${(await proofOf(name, email)).toString('base64url')}`
    },
  }
}
