import { fetchManifest, type PublishedPost } from '@peerpress/peer'
import {
  decodePageConfig,
  type Manifest,
  maxEnvelopeLength,
  type PageConfig,
  pageConfigElementId,
  type PostId,
} from '@peerpress/wire'
import type { Fetch } from './lending/guarded-fetch.ts'
import { scriptWithId } from './script-with-id.ts'
import { SeedError } from './seed-error.ts'

const fetchTimeout = 20_000
const maxPageLength = 16 * 1024 * 1024

/** The configuration in the page of a post. */
export type PostConfig = PageConfig & { readonly post: PostId }

/**
 * Reads the configuration in the page, as its readers' browsers do: the site's key is trusted because it is in the site's
 * own page.
 * @throws {SeedError} `unreachable` or `no-post`.
 */
export async function readPostConfig(page: string, fetchUrl: Fetch = fetch): Promise<PostConfig> {
  const { text: html } = await fetchText(page, maxPageLength, fetchUrl)
  const text = scriptWithId(html, pageConfigElementId)
  try {
    const config = decodePageConfig(text ?? '')
    if (config.post !== null && config.mode !== 'off') return { ...config, post: config.post }
  } catch {
    // Reported below.
  }
  throw new SeedError(
    'no-post',
    `${page} is not a post that PeerPress delivers: give the public address of a published post.`,
  )
}

/**
 * Fetches the post with its manifest, which may be revoked.
 * @throws {SeedError} `unreachable` or `no-manifest`.
 */
export async function fetchPost(config: PostConfig, fetchUrl: Fetch = fetch): Promise<PublishedPost> {
  let problem: unknown
  const get = async (url: string) => {
    try {
      const { text, headers } = await fetchText(url, maxEnvelopeLength, fetchUrl)
      return { status: 200, headers, body: null, text: () => Promise.resolve(text) }
    } catch (cause) {
      problem = cause
      throw cause
    }
  }
  // What cannot be decoded is no manifest, either.
  const published = await fetchManifest(config, get, crypto.subtle).catch(() => null)
  if (problem) throw problem
  if (!published) {
    throw new SeedError(
      'no-manifest',
      `${config.server} has no manifest of post ${config.post} that the site's key signed.`,
    )
  }
  return published
}

/**
 * Returns what a seed does about the manifest that the server has now. An older one, which a cache may have, and one of the
 * same version change nothing.
 */
export function changeOf(held: Manifest, latest: Manifest): 'none' | 'revoked' | 'updated' {
  if (latest.version <= held.version) return 'none'
  return latest.revoked ? 'revoked' : 'updated'
}

async function fetchText(
  url: string,
  maxLength: number,
  fetchUrl: Fetch,
): Promise<{ readonly text: string; readonly headers: Headers }> {
  try {
    const response = await fetchUrl(url, { signal: AbortSignal.timeout(fetchTimeout) })
    if (!response.ok) throw new Error(`it answers ${response.status}`)
    let text = ''
    const decoder = new TextDecoder()
    for await (const part of response.body ?? []) {
      text += decoder.decode(part, { stream: true })
      if (text.length > maxLength) throw new Error('it is too long')
    }
    return { text, headers: response.headers }
  } catch (cause) {
    throw new SeedError('unreachable', `${url} cannot be had: ${reasonOf(cause as Error)}`, { cause })
  }
}

/** Without an answer, "fetch failed" is all that the error itself says. */
function reasonOf({ message, cause }: Error): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : null
  return code === null ? message : `there is no answer (${code})`
}
