import { PublisherError } from '../publisher-error.ts'
import { fetchText } from './fetch-text.ts'
import type { FetchedSite, SiteClient } from './site-client.ts'

/** bytes. A CMS lists the challenges of the connections that its administrators began within minutes. */
const maxListLength = 4096
/**
 * Returns whether a site lists a challenge at `?peerpress=challenge` of its home URL, as text with one challenge per line. The
 * request does not have the challenge, so a page that repeats its parameters proves nothing. A site that cannot be fetched has
 * proved nothing either.
 */
export async function hasChallenge(
  client: SiteClient,
  { url, challenge }: { readonly url: string; readonly challenge: string },
): Promise<boolean> {
  const site: FetchedSite = { origins: [new URL(url).origin], allowPrivateAddresses: false }
  const address = new URL(url)
  address.searchParams.set('peerpress', 'challenge')
  try {
    const list = await fetchText(client, site, {
      url: address.href,
      type: 'text/plain',
      maxLength: maxListLength,
    })
    return list?.toString('latin1').split('\n').includes(challenge) ?? false
  } catch (error) {
    if (error instanceof PublisherError) return false
    throw error
  }
}
