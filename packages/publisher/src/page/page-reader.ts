import type { PageContent, PageSource } from './read-page.ts'
import { createThreadReader, type ThreadReader, type ThreadReaderOptions } from './thread-reader.ts'

export type PageReaderOptions = Partial<ThreadReaderOptions>

/** Reads the media of pages in a separate thread. */
export type PageReader = ThreadReader<PageSource, PageContent>

/** Creates a reader whose thread runs `page-reader-main.ts`, unless another entry is given. */
export function createPageReader({
  entry = new URL('page-reader-main.ts', import.meta.url),
  ...options
}: PageReaderOptions = {}): PageReader {
  return createThreadReader({ entry, ...options })
}
