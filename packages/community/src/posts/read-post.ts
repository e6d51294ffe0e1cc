import { createPublicKey, verify } from 'node:crypto'
import {
  isChallenge,
  type PageAbout,
  PublisherError,
  readAbout,
  type SiteClient,
  type SiteResponse,
} from '@peerpress/publisher'
import type { PublishedPost, Site } from '@peerpress/registry'
import {
  decodeEnvelope,
  decodeManifest,
  encodeBase64Url,
  type Manifest,
  manifestPayloadType,
  preAuthEncoding,
} from '@peerpress/wire'
import { CommunityError } from '../community-error.ts'

/** bytes. Titles and descriptions are at the start of a page. */
const maxPage = 512 * 1024
/** ms */
const timeout = 20_000

/**
 * Returns the manifest of a published post, with its signature verified.
 * @throws {CommunityError} `not-published`
 */
export function requireManifest(site: Site, post: PublishedPost | null): Manifest {
  if (post === null || post.revoked) {
    throw new CommunityError('not-published', 'Only a published post can be shared. Publish it first.')
  }
  const { payloadType, payload, signatures } = decodeEnvelope(post.envelope)
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: encodeBase64Url(site.publicKey) },
    format: 'jwk',
  })
  const signed = preAuthEncoding(payloadType, payload)
  const isSigned = signatures.some(({ bytes }) => verify(null, signed, key, bytes))
  const manifest = payloadType === manifestPayloadType && isSigned ? decodeManifest(payload) : null
  if (manifest?.site === site.id && manifest.post === post.post && !manifest.revoked) return manifest
  throw new CommunityError(
    'not-published',
    'The manifest of this post is not signed with the key of its site. Publish the post again.',
  )
}

/** A post's public page. */
export interface PublicPage {
  /** Its canonical address, else the end of the redirects. On the member site. */
  readonly url: URL
  readonly about: PageAbout
}

/** Returns whether a URL is on a member site, or below it. */
export function isOnMember(url: URL, member: string): boolean {
  const isHttp = url.protocol === 'https:' || url.protocol === 'http:'
  return isHttp && (url.hostname === member || url.hostname.endsWith(`.${member}`))
}

/**
 * Fetches the public page of a post as any reader would, from the member site alone: every redirect must stay there, and so must
 * the canonical address.
 * @throws {CommunityError} `foreign-post`, `unreadable-post`
 */
export async function readPost(
  url: string,
  { site, member, client }: { readonly site: Site; readonly member: string; readonly client: SiteClient },
): Promise<PublicPage> {
  const origins = site.origins.filter((origin) => isOnMember(new URL(origin), member))
  const fetched = { origins, allowPrivateAddresses: site.allowPrivateAddresses }
  try {
    const response = await client.get(fetched, url, {
      headers: { accept: 'text/html,application/xhtml+xml' },
      signal: AbortSignal.timeout(timeout),
      timeout,
    })
    try {
      return await pageIn(response, member)
    } finally {
      response.discard()
    }
  } catch (error) {
    if (!(error instanceof PublisherError)) throw error
    const code = error.code === 'foreign-url' ? 'foreign-post' : 'unreadable-post'
    throw new CommunityError(code, `The page of the post cannot be read: ${error.message}.`, { cause: error })
  }
}

async function pageIn(response: SiteResponse, member: string): Promise<PublicPage> {
  const [type = '', ...parameters] = (response.header('content-type') ?? '').toLowerCase().split(';')
  const isXml = type.trim() === 'application/xhtml+xml'
  if (response.status !== 200 || !(isXml || type.trim() === 'text/html')) {
    throw new CommunityError(
      'unreadable-post',
      `The page of the post is answered with status ${response.status} and type ${type.slice(0, 100)}, not with a page.`,
    )
  }
  const html = await startOf(response)
  if (isChallenge({ header: (name) => response.header(name), html })) {
    throw new CommunityError(
      'unreadable-post',
      'A firewall answers instead of the post: allow the user agent "PeerPress".',
    )
  }
  const charset = parameters.join(';').match(/charset="?([^";\s]+)/)?.[1] ?? null
  const about = readAbout({ html, charset, isXml, url: response.url.href })
  return { url: canonicalOf(about, response.url, member), about }
}

async function startOf(response: SiteResponse): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of response.readStart(maxPage)) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** @throws {CommunityError} `foreign-post` if the page names an original on another site */
function canonicalOf({ canonical }: PageAbout, end: URL, member: string): URL {
  const url = new URL(canonical ?? end)
  url.hash = ''
  if (isOnMember(url, member)) return url
  throw new CommunityError(
    'foreign-post',
    `The page names ${url.host} as the place of its original. Only a member's own posts can be shared.`,
  )
}
