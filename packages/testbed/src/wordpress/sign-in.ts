import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface SignedIn {
  /** Values by name, as a browser stores them. */
  readonly cookies: Readonly<Record<string, string>>
  /** The same as a `Cookie` header. */
  readonly cookie: string
  /** For the REST API's `X-WP-Nonce`. */
  readonly nonce: string
}

export async function signIn(php: (script: string) => Promise<string>): Promise<SignedIn> {
  const script = await readFile(join(import.meta.dirname, 'sign-in.php'), 'utf8')
  const { cookies, nonce } = JSON.parse(await php(script)) as Omit<SignedIn, 'cookie'>
  const cookie = Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
  return { cookies, cookie, nonce }
}
