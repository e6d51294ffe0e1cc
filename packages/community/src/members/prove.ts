import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { type FetchedSite, fetchText, PublisherError, type SiteClient } from '@peerpress/publisher'
import type { Site } from '@peerpress/registry'
import { CommunityError } from '../community-error.ts'
import { memberHosts } from './member-hosts.ts'
import { hasProof, maxProofFile, proofPath } from './proof-file.ts'

/** How a site proved its domain: its plugin answered a challenge, or the domain has a signed file. */
export type ProofMethod = 'plugin' | 'file'

/** A proof that the server fetched from the domain itself. */
export interface DomainProof {
  /** The member site: the registrable domain, or only the host below it that was proven. */
  readonly member: string
  readonly domain: string
  readonly method: ProofMethod
}

export interface ProofContext {
  readonly client: SiteClient
  /** The secret of the site's plugin, `whsec_` and base64. */
  readonly secret: string
}

/** bytes. The plugin answers with one line. */
const maxAnswer = 1024

/**
 * Proves the domain of a site by requests to that domain: of the registrable domain first, then of the site's host. Each is asked
 * for a challenge that only the site's plugin can answer, then for a signed file. The root of a host is asked, because the owner
 * of a folder does not own the host.
 * @throws {CommunityError} `not-a-domain`, `private-domain`, `unproven`
 */
export async function proveDomain(site: Site, context: ProofContext): Promise<DomainProof> {
  const { domain, host } = memberHosts(site.url, site.allowPrivateAddresses)
  const failures: string[] = []
  for (const member of new Set([domain, host])) {
    const place = placeOf(site, member)
    for (const method of ['plugin', 'file'] as const) {
      const failure =
        method === 'plugin'
          ? await askPlugin(place, site, context)
          : await readFile(place, { site, domain, client: context.client })
      if (failure === null) return { member, domain, method }
      failures.push(failure)
    }
  }
  throw new CommunityError('unproven', `${failures.join(' ')} ${advice(domain)}`)
}

function advice(domain: string): string {
  return `Update the plugin, or publish the signed file at https://${domain}${proofPath}, and let no cache, firewall or login answer there.`
}

/** The root of a host, and the origins that it may redirect to. */
interface Place {
  readonly root: string
  readonly fetched: FetchedSite
}

function placeOf(site: Site, member: string): Place {
  const home = new URL(site.url)
  const port = home.port === '' ? '' : `:${home.port}`
  const root = `${home.protocol}//${member}${port}`
  // A domain may redirect to https, and to the site's own host.
  const origins = [root, home.origin, `https://${member}`, `https://${home.hostname}`]
  return { root, fetched: { origins, allowPrivateAddresses: site.allowPrivateAddresses } }
}

/** Sends the plugin a challenge. Returns why the answer proves nothing, or null. */
async function askPlugin(place: Place, site: Site, { client, secret }: ProofContext): Promise<string | null> {
  const nonce = randomBytes(32).toString('base64url')
  const source = {
    url: `${place.root}/?peerpress=member&nonce=${nonce}`,
    type: 'text/plain',
    maxLength: maxAnswer,
  }
  return failureOf(`${place.root}/?peerpress=member`, async () => {
    const answer = await fetchText(client, place.fetched, source)
    if (answer === null) return 'is not answered by the plugin'
    const expected = memberAnswer(secret, { site: site.id, host: new URL(site.url).hostname, nonce })
    return isEqual(answer.toString('latin1').trim(), expected) ? null : 'is answered by another site'
  })
}

/** Returns the answer to a challenge: base64url of the HMAC-SHA256 of site, host and nonce under the plugin's secret. */
export function memberAnswer(
  secret: string,
  { site, host, nonce }: { readonly site: string; readonly host: string; readonly nonce: string },
): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  // No signed message of the plugin begins like this: its id has no line break.
  const text = `peerpress-member\n${site}\n${host}\n${nonce}`
  return createHmac('sha256', key).update(text).digest('base64url')
}

async function readFile(
  place: Place,
  { site, domain, client }: { readonly site: Site; readonly domain: string; readonly client: SiteClient },
): Promise<string | null> {
  const url = `${place.root}${proofPath}`
  return failureOf(url, async () => {
    const source = { url, type: 'application/json', maxLength: maxProofFile }
    const file = await fetchText(client, place.fetched, source)
    if (file === null) return 'is no JSON file'
    return hasProof(file, site, domain) ? null : 'has no proof of this site'
  })
}

/** Runs one attempt. Returns a sentence about what failed, or null. */
async function failureOf(address: string, attempt: () => Promise<string | null>): Promise<string | null> {
  try {
    const failure = await attempt()
    return failure === null ? null : `${address} ${failure}.`
  } catch (error) {
    if (error instanceof PublisherError) return `${address} cannot be fetched: ${error.message}.`
    throw error
  }
}

function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
