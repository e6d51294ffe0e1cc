import type { Welcoming } from '@peerpress/accounts'
import type { Registry } from '@peerpress/registry'
import { isLocalHost } from '@peerpress/wire/local-host'

/**
 * Makes the link that creates the first administrator's account. Returns null if there is an administrator, and on an
 * installation of release 0.1, where the operator's token creates one.
 */
export async function makeFirstLink(
  { accounts, storedSecret }: Pick<Registry, 'accounts' | 'storedSecret'>,
  { welcoming, url }: { readonly welcoming: Welcoming; readonly url: string },
): Promise<string | null> {
  if (await accounts.hasAdministrator()) return null
  if ((await storedSecret('derived-seed-key')) !== null) return null
  const token = await welcoming.issue({ kind: 'first' }, 'operator')
  return `${browserAddress(url)}/welcome#${token}`
}

/** Sign-in needs TLS or localhost, and a server that listens on all addresses has no address of its own. */
function browserAddress(text: string): string {
  const url = new URL(text)
  const isEverywhere = url.hostname === '0.0.0.0' || url.hostname === '[::]'
  if (url.protocol === 'http:' && (isEverywhere || isLocalHost(url.hostname))) url.hostname = 'localhost'
  return url.origin
}
