import { createThreadReader, type ThreadReader } from '@peerpress/publisher'
import type { Article, ArticleSource } from './read-article.ts'
import type { UploadContent, UploadSource } from './read-upload.ts'

/** Reads pages and uploads in a thread of their own, one after another. */
export interface TextReader {
  /** @throws {PublisherError} as `ThreadReader.read` */
  page(source: ArticleSource, signal: AbortSignal): Promise<Article>
  /** @throws {PublisherError} as `ThreadReader.read` */
  upload(source: UploadSource, signal: AbortSignal): Promise<UploadContent>
  close(): Promise<void>
}

/** Time of one page or upload, ms, and memory of the thread, MiB. A page of 50,000 elements takes 3 s. */
const limits = { timeLimit: 15_000, memoryLimit: 384 } as const

export function createTextReader(): TextReader {
  const reader: ThreadReader<ArticleSource | UploadSource, unknown> = createThreadReader({
    ...limits,
    entry: new URL('reader-main.ts', import.meta.url),
  })
  return {
    page: async (source, signal) => (await reader.read(source, signal)) as Article,
    upload: async (source, signal) => (await reader.read(source, signal)) as UploadContent,
    close: () => reader.close(),
  }
}
