import type { FetchLimits, SiteClient } from '@peerpress/publisher'
import type { Registry } from '@peerpress/registry'
import { CmsError } from '../cms/cms-error.ts'
import { fetchText } from '../evidence/page-refresh.ts'
import type { TextReader } from '../reading/reader.ts'
import type { ReadPage } from './change-page.ts'

export interface PublicPageOptions {
  readonly registry: Pick<Registry, 'posts' | 'pageTexts'>
  readonly client: SiteClient
  readonly reader: TextReader
  readonly limits: FetchLimits
}

/** Creates the function that fetches a public page past caches. It records the page's text, so that advice is about what is there now. */
export function createPublicPageReader({ registry, ...fetching }: PublicPageOptions): ReadPage {
  return async (site, { post, url }, signal) => {
    const published = await registry.posts.summary(site.id, post)
    const of = { post, url: published?.url ?? url, version: published?.version ?? 0 }
    const text = await fetchText(site, of, { ...fetching, isUncached: true }, signal)
    if (text.content === null) throw new CmsError('unreachable', text.failure ?? 'The page has no text.')
    if (published !== null) await registry.pageTexts.record(text)
    return { title: text.content.title, description: text.content.description }
  }
}
