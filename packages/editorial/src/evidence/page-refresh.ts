import {
  defaultFetchLimits,
  fetchHtml,
  type FetchLimits,
  PublisherError,
  type SiteClient,
} from '@peerpress/publisher'
import type { PageText, PostSummary, Registry, Site } from '@peerpress/registry'
import type { TextReader } from '../reading/reader.ts'

export interface PageRefreshOptions {
  readonly registry: Pick<Registry, 'posts' | 'pageTexts'>
  readonly client: SiteClient
  readonly reader: TextReader
  /** ms since the Unix epoch */
  readonly now: () => number
  readonly limits?: FetchLimits
}

/** A page whose post did not change is fetched again after this time, ms: its template may have changed. */
const maxAgeMs = 7 * 86_400_000
/** Pages that one run fetches; the next run fetches more. */
const maxFetches = 200
/** Posts whose texts are known: those that were published last. */
const maxPosts = 1000
/** A site that fails so often in a row is left alone until the next run. */
const maxFailures = 5

/**
 * Fetches the public pages of a site's posts that are new, changed or were fetched long ago, one after another, and records their
 * texts. The texts of posts that are not public any more are removed.
 */
export async function refreshPages(
  site: Site,
  options: PageRefreshOptions,
  signal: AbortSignal,
): Promise<PageText[]> {
  const { registry, now } = options
  const all = await registry.posts.list(site.id)
  const posts = all.filter(({ revoked }) => !revoked).slice(0, maxPosts)
  await registry.pageTexts.retain(
    site.id,
    posts.map(({ post }) => post),
  )
  const known = new Map((await registry.pageTexts.list(site.id)).map((text) => [text.post, text]))
  const isDue = ({ post, version, url }: PostSummary) => {
    const text = known.get(post)
    if (text === undefined || text.version !== version || text.url !== url) return true
    return now() - text.fetchedAt.getTime() >= maxAgeMs
  }
  let failures = 0
  for (const post of posts.filter(isDue).slice(0, maxFetches)) {
    signal.throwIfAborted()
    const fetched = await fetchText(site, post, options, signal)
    await registry.pageTexts.record(fetched)
    failures = fetched.failure === null ? 0 : failures + 1
    if (failures >= maxFailures) break
  }
  return registry.pageTexts.list(site.id)
}

/**
 * Fetches the public page of a post.
 * @param options `isUncached`: past caches, as `fetchHtml` does it
 */
export async function fetchText(
  site: Site,
  { post, version, url }: Pick<PostSummary, 'post' | 'version' | 'url'>,
  {
    client,
    reader,
    limits = defaultFetchLimits,
    isUncached = false,
  }: Pick<PageRefreshOptions, 'client' | 'reader' | 'limits'> & { readonly isUncached?: boolean },
  signal: AbortSignal,
): Promise<Omit<PageText, 'fetchedAt'>> {
  const of = { site: site.id, post, version, url }
  try {
    return await fetchHtml(site, url, { client, limits, signal, isUncached }, async (page) => {
      if (!page.public) return { ...of, failure: 'The page is not public.', content: null }
      const { html, charset, isXml, finalUrl } = page
      const article = await reader.page({ kind: 'page', html, charset, isXml, url: finalUrl.href }, signal)
      return article.failure === null
        ? { ...of, ...article }
        : { ...of, failure: article.failure, content: null }
    })
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof PublisherError) return { ...of, failure: error.message, content: null }
    throw error
  }
}
