import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAssetStore } from './assets/asset-store.ts'
import { defaultFetchLimits, type FetchLimits } from './fetch/fetch-limits.ts'
import { MediaResults } from './fetch/media-results.ts'
import { createPageReader } from './page/page-reader.ts'
import type { PublicationResult } from './manifest/publication.ts'
import type { Blog, Publishing } from './publishing.testing.ts'
import { createSiteClient } from './fetch/site-client.ts'

/** Returns the arguments for publishing the blog's post, with a store of its own. */
export function publication(blog: Blog, { registry }: Publishing, changed: Partial<FetchLimits> = {}) {
  const limits = { ...defaultFetchLimits, ...changed }
  const client = createSiteClient({ limits })
  const directory = mkdtempSync(join(tmpdir(), 'peerpress-failing-'))
  const store = createAssetStore(directory)
  const pages = createPageReader()
  const { site } = blog.connected
  const { signal } = new AbortController()
  const early: PublicationResult[] = []
  const onEarly = async (result: PublicationResult) => {
    early.push(result)
  }
  const task = { site, post: '12', url: blog.postUrl, revoke: false, signal, onEarly }
  const close = async () => {
    await Promise.all([client.close(), pages.close()])
    rmSync(directory, { recursive: true })
  }
  return [
    task,
    { registry, client, pages, store, limits, mediaResults: new MediaResults() },
    close,
    early,
  ] as const
}
