import {
  decodeBase64Url,
  decodeEnvelope,
  decodeManifest,
  decodeMirrors,
  decodePageConfig,
  type Manifest,
  manifestPayloadType,
  maxEnvelopeLength,
  mirrorsHeader,
  type PageConfig,
  pageConfigElementId,
  type PostId,
  preAuthEncoding,
} from '@peerpress/wire'
import { scriptWithId } from './script-with-id.ts'
import { SeedError } from './seed-error.ts'

const fetchTimeout = 20_000
const maxPageLength = 16 * 1024 * 1024

/** What a page says of the post it shows. */
export type PostConfig = PageConfig & { readonly post: PostId }

/**
 * Reads the configuration in the page, as its readers' browsers do: the site's key is trusted because the site says it.
 * @throws {SeedError} `unreachable` or `no-post`.
 */
export async function readPostConfig(page: string): Promise<PostConfig> {
  const { text: html } = await fetchText(page, maxPageLength)
  const text = scriptWithId(html, pageConfigElementId)
  try {
    const config = decodePageConfig(text ?? '')
    if (config.post !== null && config.mode !== 'off') return { ...config, post: config.post }
  } catch {
    // Told below.
  }
  throw new SeedError('no-post', `${page} is not a post that PeerPress delivers.`)
}

/** A post as the server tells it. */
export interface PublishedPost {
  /** Verified. */
  readonly manifest: Manifest
  /** What the id of an asset is put after for each copy of it, in the order they are asked; not verified. */
  readonly mirrors: readonly string[]
}

/**
 * The post with its manifest.
 * @throws {SeedError} `unreachable` or `no-manifest`.
 */
export async function fetchManifest({ server, site, post, key }: PostConfig): Promise<PublishedPost> {
  const url = `${server}/v1/sites/${site}/posts/${post}/manifest`
  const { text, headers } = await fetchText(url, maxEnvelopeLength)
  const refused = new SeedError('no-manifest', `${url} is not a manifest of this post that may be used.`)
  try {
    const { payloadType, payload, signatures } = decodeEnvelope(text)
    if (payloadType !== manifestPayloadType) throw refused
    const publicKey = await crypto.subtle.importKey('raw', decodeBase64Url(key), 'Ed25519', false, ['verify'])
    const signed = preAuthEncoding(payloadType, payload)
    for (const { bytes } of signatures) {
      if (!(await crypto.subtle.verify('Ed25519', publicKey, bytes, signed))) continue
      const manifest = decodeManifest(payload)
      if (manifest.site === site && manifest.post === post && !manifest.revoked) {
        return { manifest, mirrors: decodeMirrors(headers.get(mirrorsHeader), server) }
      }
    }
  } catch {
    // Not an envelope with a manifest: told below.
  }
  throw refused
}

async function fetchText(
  url: string,
  maxLength: number,
): Promise<{ readonly text: string; readonly headers: Headers }> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(fetchTimeout) })
    if (!response.ok) throw new Error(`it answers ${response.status}`)
    let text = ''
    const decoder = new TextDecoder()
    for await (const part of response.body ?? []) {
      text += decoder.decode(part, { stream: true })
      if (text.length > maxLength) throw new Error('it is too long')
    }
    return { text, headers: response.headers }
  } catch (cause) {
    throw new SeedError('unreachable', `${url} cannot be had: ${(cause as Error).message}`, { cause })
  }
}
